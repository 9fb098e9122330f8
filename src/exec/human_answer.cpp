#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/exec/executor.hpp"

#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

using Json = nlohmann::json;

bool fits(const Json& value, const std::string& type) {
  if (type == "integer")
    return value.is_number_integer() || (value.is_number() && value == std::floor(value.get<double>()));
  if (type == "number") return value.is_number();
  return type == value.type_name();
}

std::vector<std::string> allowed_types(const Json& property) {
  const auto type = property.find("type");
  if (type == property.end()) return {};
  if (type->is_string()) return {type->get<std::string>()};
  std::vector<std::string> types;
  if (type->is_array())
    for (const Json& one : *type)
      if (one.is_string()) types.push_back(one.get<std::string>());
  return types;
}

Result<void> check_property(const std::string& name, const Json& value, const Json& property) {
  if (!property.is_object()) return {};
  const std::vector<std::string> types = allowed_types(property);
  const auto fitting = [&](const std::string& type) { return fits(value, type); };
  if (!types.empty() && std::ranges::none_of(types, fitting))
    return fail(ErrorKind::input, fmt::format("field '{}' has to be of type {}, and is {} ({})", name,
                                              join(types, " or "), value.dump(), value.type_name()));
  const auto choices = property.find("enum");
  if (choices == property.end() || !choices->is_array() || std::ranges::find(*choices, value) != choices->end())
    return {};
  return fail(ErrorKind::input,
              fmt::format("field '{}' has to be one of {}, and is {}", name, choices->dump(), value.dump()));
}

std::vector<std::string> required_names(const Json& schema) {
  std::vector<std::string> names;
  if (const auto required = schema.find("required"); required != schema.end() && required->is_array())
    for (const Json& name : *required)
      if (name.is_string()) names.push_back(name.get<std::string>());
  return names;
}

Result<void> check_form(const Json& form, const Value& schema) {
  if (!form.is_object())
    return fail(ErrorKind::input, fmt::format("a form is answered with an object, not with a {}", form.type_name()));
  if (!schema.is_object()) return {};
  for (const std::string& name : required_names(schema.json()))
    if (!form.contains(name)) return fail(ErrorKind::input, fmt::format("field '{}' is missing", name));
  const Value properties = schema.get("properties");
  if (!properties.is_object()) return {};
  std::vector<std::string> known;
  for (const auto& item : properties.json().items()) known.push_back(item.key());
  for (const auto& [name, value] : form.items()) {
    if (!properties.json().contains(name))
      return fail(ErrorKind::input, fmt::format("the form has no field '{}'", name), did_you_mean(name, known));
    OE_CHECK(check_property(name, value, properties.json()[name]));
  }
  return {};
}

Result<void> check_answer(const ledger::Question& question, const Json& answer) {
  if (question.kind == "form") return check_form(answer, question.schema);
  if (question.kind == "approve" && !answer.is_boolean())
    return fail(ErrorKind::input, fmt::format("the answer has to be true or false, and is {}", answer.dump()));
  if (question.kind != "choose") return {};
  const std::string choice = answer.is_string() ? answer.get<std::string>() : answer.dump();
  if (answer.is_string() && std::ranges::find(question.choices, choice) != question.choices.end()) return {};
  return fail(ErrorKind::input, fmt::format("'{}' is none of the choices {}", choice, join(question.choices, ", ")),
              did_you_mean(choice, question.choices));
}

std::map<std::string, Value> writes_of(const graph::Node& node, const ledger::Question& question, const Value& answer) {
  std::map<std::string, Value> delta;
  if (node.writes.size() == 1) delta.emplace(node.writes.front(), answer);
  if (node.writes.size() < 2 || question.kind != "form") return delta;
  for (const std::string& field : node.writes)
    if (answer.json().contains(field)) delta.emplace(field, answer.get(field));
  return delta;
}

}  // namespace

AttemptReport answered(const graph::Node& node, const ledger::Question& question, const Value& answer) {
  if (auto fitting = check_answer(question, answer.json()); !fitting)
    return failed_report("the answer does not fit the question: " + fitting.error().to_string());
  if (question.kind == "approve" && !answer.json().get<bool>()) return failed_report(std::string(kRejected));
  AttemptReport report;
  report.state_delta = writes_of(node, question, answer);
  return report;
}

}  // namespace oe::exec
