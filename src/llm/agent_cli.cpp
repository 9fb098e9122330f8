#include "oe/llm/agent_cli.hpp"

#include <fmt/core.h>
#include <utility>

#include "oe/base/text.hpp"

#include "llm/cli_envelope.hpp"

namespace oe::llm {

namespace {

using Words = std::vector<std::string>;

void add_model(Words& argv, const CliCall& call) {
  if (!call.model.empty()) argv.insert(argv.end(), {"--model", call.model});
}

void add_extra(Words& argv, const CliCall& call) {
  argv.insert(argv.end(), call.extra_args.begin(), call.extra_args.end());
}

// All three print their JSON envelope whatever the user wants in the end: only there they say what it cost.

Words claude_words(const CliCall& call) {
  Words argv = {"claude", "-p", "--output-format", "json"};
  add_model(argv, call);
  add_extra(argv, call);
  return argv;
}

Words codex_words(const CliCall& call) {
  Words argv = {"codex", "exec", "--skip-git-repo-check", "--json"};
  add_model(argv, call);
  add_extra(argv, call);
  argv.emplace_back("-");  // the prompt is on standard input
  return argv;
}

Words gemini_words(const CliCall& call) {
  Words argv = {"gemini", "--output-format", "json"};
  add_model(argv, call);
  add_extra(argv, call);
  return argv;
}

struct Cli {
  std::string_view provider;
  Words (*words)(const CliCall& call);
  std::optional<Answer> (*read)(std::string_view out);
};
constexpr Cli kClis[] = {{"claude-code", claude_words, read_claude},
                         {"codex", codex_words, read_codex},
                         {"gemini", gemini_words, read_gemini}};

const Cli* find_cli(std::string_view provider) {
  for (const Cli& cli : kClis)
    if (cli.provider == provider) return &cli;
  return nullptr;
}

}  // namespace

Result<sys::ProcessSpec> cli_process(const CliCall& call) {
  const Cli* cli = find_cli(call.provider);
  if (cli == nullptr) {
    Words known;
    for (const Cli& one : kClis) known.emplace_back(one.provider);
    const std::string meant = did_you_mean(call.provider, known);
    return fail(ErrorKind::usage, fmt::format("unknown provider '{}' of a coding agent", call.provider),
                meant.empty() ? "known are " + join(known, ", ") : meant);
  }
  sys::ProcessSpec spec;
  spec.argv = cli->words(call);
  spec.input = call.prompt;
  return spec;
}

Answer read_cli_output(const CliCall& call, const std::string& out) {
  const Cli* cli = find_cli(call.provider);
  auto answer = cli == nullptr ? std::nullopt : cli->read(out);
  if (!answer) answer = Answer{.text = out};
  answer->provider = call.provider;
  if (answer->model.empty()) answer->model = call.model;
  answer->calls = 1;
  return *answer;
}

}  // namespace oe::llm
