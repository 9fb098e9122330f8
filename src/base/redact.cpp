#include "oe/base/redact.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace oe {

namespace {

constexpr std::string_view kHidden = "***";

nlohmann::json redacted(const Redactor& redactor, const nlohmann::json& json) {
  if (json.is_string()) return redactor.text(json.get<std::string>());
  if (!json.is_structured()) return json;
  nlohmann::json copy = json.is_array() ? nlohmann::json::array() : nlohmann::json::object();
  for (const auto& [name, member] : json.items()) {
    if (json.is_array())
      copy.push_back(redacted(redactor, member));
    else
      copy[redactor.text(name)] = redacted(redactor, member);
  }
  return copy;
}

}  // namespace

Redactor::Redactor(const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    wanted_.push_back(secret);
    const std::string quoted = Value::of(secret).dump();
    if (quoted.size() != secret.size() + 2) wanted_.push_back(quoted.substr(1, quoted.size() - 2));
  }
  std::ranges::stable_sort(wanted_, std::ranges::greater(), &std::string::size);
}

std::string Redactor::text(std::string text) const {
  for (const std::string& secret : wanted_)
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kHidden.size()))
      text.replace(at, secret.size(), kHidden);
  return text;
}

Value Redactor::value(const Value& value) const {
  return empty() ? value : Value(redacted(*this, value.json()));
}

}  // namespace oe
