#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/llm/ask.hpp"
#include "oe/sys/process.hpp"

namespace oe::llm {

/// A coding agent on this machine that is already logged in: Claude Code, Codex, Gemini CLI. Argument orders are those
/// of OpenExpertise v0.1.0 (section 5.4 of the reference) but for the prompt, which goes to standard input where the
/// CLI reads it there, and but for flags that approve everything, which only a user may write.
struct CliCall {
  std::string provider;  ///< "claude-code", "codex" or "gemini"
  std::string prompt;
  std::string model;
  bool json = false;  ///< the user wants JSON
  std::vector<std::string> extra_args;
};
/// argv and standard input. Errors: usage: no such provider.
Result<sys::ProcessSpec> cli_process(const CliCall& call);

/// What the CLI printed, out of its envelope: text, usage, cost and model where it says them.
Answer read_cli_output(const CliCall& call, const std::string& out);

}  // namespace oe::llm
