#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::llm {

/// Faults of a value under a JSON Schema (draft 7, valijson inside): "/verdict: must be one of ..." each, best first,
/// at most ten; empty when it fits. Errors: input, when the schema itself cannot be used, saying where.
Result<std::vector<std::string>> faults_of(const Value& value, const Value& schema);

/// Stands in the error of every try whose answer does not fit its schema: what counts those looks for it.
inline constexpr std::string_view kUnfit = "answer does not fit the schema";

/// The schema in the common subset that every strict API takes: all members required, those that were not nullable
/// instead, additionalProperties false, limits of numbers and lengths left out (they are checked here). Errors: input,
/// naming the JSON pointer and what cannot be said (a root that is no object, recursion, patternProperties, ...).
Result<Value> strict_subset(const Value& schema);
/// Takes out the nulls that stand for "not given" in an answer to a strict_subset() of `schema`.
Value without_absent(const Value& answer, const Value& schema);

/// The JSON in a text of a model: the text itself, else the content of its only fence, else the only object in it.
/// Errors: input.
Result<Value> json_in(std::string_view text);

}  // namespace oe::llm
