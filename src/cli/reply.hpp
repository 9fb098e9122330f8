#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"
#include "oe/ledger/event.hpp"

namespace oe::cli {

/// One field of a form, from its JSON Schema.
struct FormField {
  std::string name;
  graph::FieldType type = graph::FieldType::any;
  std::string description;
  bool required = false;
  std::vector<Value> choices;  ///< of enum; empty: anything
};
/// The fields by name; empty for what is no object schema with properties.
std::vector<FormField> fields_of(const Value& schema);

/// The value of a field from what was typed. Errors: usage, saying what the field takes.
Result<Value> field_value(const FormField& field, const std::string& typed);

/// What one typed line says to "approve" (y, yes, n, no) or "choose" (the number or the text of a choice). Errors:
/// usage, saying what can be typed.
Result<Value> parse_reply(const ledger::Question& question, std::string_view line);

/// The flags of `oe answer`.
struct AnswerFlags {
  bool approve = false;
  bool reject = false;
  std::optional<std::string> choice;
  std::vector<std::string> fields;  ///< "name=value"
  std::optional<std::string> json;
};
/// The answer that they give to a question. Errors: usage: none or several of them, or not those of this question.
Result<Value> answer_of(const ledger::Question& question, const AnswerFlags& flags);

}  // namespace oe::cli
