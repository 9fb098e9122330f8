#pragma once

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/llm/ask.hpp"

namespace oe::llm {

/// Every member of an answer; numbers keep all their digits.
Value answer_json(const Answer& answer);
/// Reads what answer_json() makes and what people write by hand (see parse_call). Errors: input.
Result<Answer> parse_answer(const Value& value);

}  // namespace oe::llm
