#pragma once

#include <string_view>

#include "oe/llm/ask.hpp"

namespace oe::llm {

/// What a program of provider "command" printed: {"text": ...} or {"value": ...}, with "usage" (as in Usage), "usd" and
/// "model" where it knows them; {"error": "why"} when it cannot answer. Never a failure: what is none of this is
/// garbled.
Answer read_command_output(std::string_view out);

}  // namespace oe::llm
