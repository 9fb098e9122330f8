#pragma once

#include <optional>
#include <string_view>

#include "oe/llm/ask.hpp"

namespace oe::llm {

// What coding agents print around an answer. Nothing: it is no envelope of this agent (a wrapper script, or the user
// asked for another format), so all of it is the answer.

/// {"type":"result","result",...} of `claude -p --output-format json`; also the last line of stream-json.
std::optional<Answer> read_claude(std::string_view out);
/// The events of `codex exec --json`, one JSON object a line.
std::optional<Answer> read_codex(std::string_view out);
/// {"response","stats"} or {"error"} of `gemini --output-format json`.
std::optional<Answer> read_gemini(std::string_view out);

}  // namespace oe::llm
