#include "engine/mask.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "oe/base/box.hpp"

namespace oe::engine {

namespace {

constexpr std::string_view kHidden = "***";

nlohmann::json masked(const Mask& mask, const nlohmann::json& json) {
  if (json.is_string()) return mask.text(json.get<std::string>());
  if (!json.is_structured()) return json;
  nlohmann::json copy = json.is_array() ? nlohmann::json::array() : nlohmann::json::object();
  for (const auto& [name, member] : json.items()) {
    if (json.is_array())
      copy.push_back(masked(mask, member));
    else
      copy[mask.text(name)] = masked(mask, member);
  }
  return copy;
}

}  // namespace

Mask::Mask(const std::map<std::string, std::string>& secrets) {
  for (const auto& [name, value] : secrets)
    if (!value.empty()) values_.push_back(value);
  std::ranges::sort(values_, std::ranges::greater(), &std::string::size);
}

std::string Mask::text(std::string text) const {
  hide(text);
  return text;
}

Value Mask::value(const Value& value) const {
  return empty() ? value : Value(masked(*this, value.json()));
}

void Mask::hide(std::string& text) const {
  for (const std::string& secret : values_)
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kHidden.size()))
      text.replace(at, secret.size(), kHidden);
}

void Mask::hide(Value& value) const {
  value = this->value(value);
}

void Mask::hide(std::optional<Value>& value) const {
  if (value) hide(*value);
}

void Mask::hide(ledger::Question& question) const {
  hide(question.text);
  for (std::string& choice : question.choices) hide(choice);
  hide(question.schema);
  hide(question.otherwise);
}

exec::AttemptReport Mask::report(exec::AttemptReport report) const {
  if (empty()) return report;
  hide(report.error);
  hide(report.output);
  hide(report.edge_output);
  hide(report.metrics);
  for (auto& [field, value] : report.state_delta) hide(value);
  if (report.question) hide(*report.question);
  if (report.answer) hide(report.answer->answer);
  return report;
}

ledger::RunEvent Mask::event(ledger::RunEvent event) const {
  if (empty()) return event;
  std::visit(overloaded{[&](ledger::RunStarted& body) { hide(body.args); },
                        [&](ledger::RunFinished& body) { hide(body.outputs); },
                        [&](ledger::NodeFailed& body) {
                          hide(body.error);
                          hide(body.item);
                        },
                        [&](ledger::NodeActivity& body) { hide(body.activity); },
                        [&](ledger::NodeWaiting& body) { hide(body.question); },
                        [&](ledger::NodeAnswered& body) {
                          hide(body.answer);
                          hide(body.note);
                        },
                        [](auto&) {}},
             event);
  return event;
}

}  // namespace oe::engine
