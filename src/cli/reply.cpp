#include "cli/reply.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "cli/typed.hpp"

namespace oe::cli {

namespace {

graph::FieldType field_type(const Value& schema) {
  const std::string name = schema.get("type").string_or("any");
  if (name == "integer") return graph::FieldType::number;
  for (const auto type : {graph::FieldType::string, graph::FieldType::number, graph::FieldType::boolean,
                          graph::FieldType::object, graph::FieldType::array, graph::FieldType::null}) {
    if (graph::to_string(type) == name) return type;
  }
  return graph::FieldType::any;
}

bool lists(const Value& names, const std::string& name) {
  return names.is_array() && std::find(names.json().begin(), names.json().end(), name) != names.json().end();
}

std::string lower(std::string_view text) {
  std::string small(trim(text));
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

Result<Value> parse_choice(const ledger::Question& question, std::string_view line) {
  const std::string text(trim(line));
  const auto& choices = question.choices;
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return Value::of(text);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (is_number && number >= 1 && number <= choices.size()) return Value::of(choices[number - 1]);
  const std::string near = did_you_mean(text, choices);
  return fail(ErrorKind::usage, fmt::format("'{}' is none of the choices", text),
              near.empty() ? "choose one of: " + join(choices, ", ") : near);
}

Result<Value> form_of(const ledger::Question& question, const std::vector<std::string>& pairs) {
  const std::vector<FormField> fields = fields_of(question.schema);
  nlohmann::json form = nlohmann::json::object();
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(ErrorKind::usage, fmt::format("--set takes name=value, not '{}'", pair));
    FormField field{.name = pair.substr(0, equals)};
    for (const FormField& declared : fields) {
      if (declared.name == field.name) field = declared;
    }
    OE_TRY(const Value value, field_value(field, pair.substr(equals + 1)));
    form[field.name] = value.json();
  }
  return Value(std::move(form));
}

Error wrong_flag(const ledger::Question& question) {
  const std::string_view takes = question.kind == "approve"  ? "--approve or --reject"
                                 : question.kind == "choose" ? "--choose TEXT"
                                                             : "--set name=value for each field, or --json VALUE";
  return {ErrorKind::usage, fmt::format("the question is one to {}: it takes {}",
                                        question.kind == "form" ? "fill in" : question.kind, takes)};
}

}  // namespace

std::vector<FormField> fields_of(const Value& schema) {
  std::vector<FormField> fields;
  const Value properties = schema.get("properties");
  if (!properties.is_object()) return fields;
  for (const auto& [name, property] : properties.json().items()) {
    const Value field{property};
    FormField& added = fields.emplace_back(FormField{.name = name,
                                                     .type = field_type(field),
                                                     .description = field.get("description").string_or(""),
                                                     .required = lists(schema.get("required"), name)});
    const Value choices = field.get("enum");
    if (!choices.is_array()) continue;
    for (const nlohmann::json& choice : choices.json()) added.choices.emplace_back(choice);
  }
  return fields;
}

Result<Value> field_value(const FormField& field, const std::string& typed) {
  OE_TRY(Value value, typed_value(field.name, field.type, typed));
  if (field.choices.empty() || std::find(field.choices.begin(), field.choices.end(), value) != field.choices.end()) {
    return value;
  }
  std::vector<std::string> choices;
  for (const Value& choice : field.choices) choices.push_back(choice.string_or(choice.dump()));
  return fail(ErrorKind::usage, fmt::format("{} cannot be '{}'", field.name, typed),
              "it is one of: " + join(choices, ", "));
}

Result<Value> parse_reply(const ledger::Question& question, std::string_view line) {
  if (question.kind == "choose") return parse_choice(question, line);
  const std::string word = lower(line);
  if (word == "y" || word == "yes") return Value::of(true);
  if (word == "n" || word == "no") return Value::of(false);
  return fail(ErrorKind::usage, fmt::format("'{}' is neither yes nor no", trim(line)), "type y or n");
}

Result<Value> answer_of(const ledger::Question& question, const AnswerFlags& flags) {
  const int given = int{flags.approve} + int{flags.reject} + int{flags.choice.has_value()} +
                    int{!flags.fields.empty()} + int{flags.json.has_value()};
  if (given == 0) return fail(wrong_flag(question));
  if (given > 1) return fail(ErrorKind::usage, "one answer at a time: --approve, --reject, --choose, --set or --json");
  if (flags.json) {
    Result<Value> value = Value::parse(*flags.json);
    if (!value) return fail(ErrorKind::usage, "--json takes a JSON value: " + value.error().message());
    return value;
  }
  const std::string_view kind = flags.choice ? "choose" : flags.fields.empty() ? "approve" : "form";
  if (kind != question.kind) return fail(wrong_flag(question));
  if (flags.choice) return parse_choice(question, *flags.choice);
  return flags.fields.empty() ? Result<Value>(Value::of(flags.approve)) : form_of(question, flags.fields);
}

}  // namespace oe::cli
