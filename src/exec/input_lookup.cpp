#include "exec/input_lookup.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "oe/base/text.hpp"

namespace oe::exec {
namespace {

using graph::Placeholder;

std::optional<Value> member(const Value& object, std::string_view name) {
  if (!object.is_object() || !object.json().contains(name)) return std::nullopt;
  return object.get(name);
}

std::vector<std::string> known_names(const Value& input) {
  std::vector<std::string> names;
  for (const Value& object : {input, input.get("_state"), input.get("_edge_inputs")}) {
    if (!object.is_object()) continue;
    for (const auto& item : object.json().items()) names.push_back(item.key());
  }
  return names;
}

Error unset_error(const Placeholder& placeholder, std::string_view text, const Value& input) {
  const std::string& name = placeholder.path.front();
  const std::string suggestion = did_you_mean(name, known_names(input));
  return Error(ErrorKind::input,
               fmt::format("{} has no value here", text.substr(placeholder.begin, placeholder.end - placeholder.begin)),
               !suggestion.empty() ? suggestion
                                   : fmt::format("give '{}' in args, or name it in reads after a node wrote it", name));
}

}  // namespace

graph::Lookup lookup_in(const Value& input) {
  return [&input](std::string_view name) {
    auto found = member(input, name);
    if (!found) found = member(input.get("_state"), name);
    if (!found) found = member(input.get("_edge_inputs"), name);
    return found;
  };
}

Result<void> check_values(std::string_view text, const std::vector<Placeholder>& all, const Value& input) {
  for (const Placeholder& placeholder : all)
    if (!graph::value_of(placeholder, lookup_in(input))) return fail(unset_error(placeholder, text, input));
  return {};
}

Result<std::string> filled(const std::string& text, const Value& input) {
  if (text.find("{{") == std::string::npos) return text;
  OE_CHECK(check_values(text, graph::placeholders(text), input));
  return graph::render(text, lookup_in(input), [](std::string_view value) { return std::string(value); });
}

}  // namespace oe::exec
