#include "llm/program_try.hpp"

#include <fmt/format.h>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/llm/agent_cli.hpp"

#include "llm/command_answer.hpp"
#include "llm/figures.hpp"
#include "llm/plain_line.hpp"
#include "llm/provider.hpp"

namespace oe::llm {

namespace {

constexpr std::chrono::milliseconds kTimeout{600'000};  // as http::Request has it

/// System, turns and schema as one text, for programs that take only that.
std::string flat_prompt(const Ask& ask) {
  std::string prompt = ask.system;
  for (const Turn& turn : ask.turns) {
    if (!prompt.empty()) prompt += "\n\n";
    if (turn.role == Turn::Role::model) prompt += "Your answer was:\n";
    prompt += turn.text;
  }
  if (!ask.schema.is_null())
    prompt += "\n\nAnswer with one JSON value that fits this JSON Schema, and nothing else:\n" + ask.schema.dump();
  return prompt;
}

CliCall cli_call(const Route& route, const Ask& ask) {
  return {.provider = std::string(cli_of(route.model.provider)),
          .prompt = flat_prompt(ask),
          .model = route.model.model,
          .json = !ask.schema.is_null()};
}

Result<sys::ProcessSpec> process_of(const Route& route, const Ask& ask) {
  if (route.way == Way::agent_cli) return cli_process(cli_call(route, ask));
  sys::ProcessSpec spec;
  spec.argv = route.model.command;
  spec.input = canonical_request(ask, settled(ask, route)).dump() + "\n";
  return spec;
}

Heard unavailable(const Route& route, const std::string& why) {
  Heard heard;
  heard.reply.ending = Ending::unavailable;
  heard.reply.error = fmt::format("{}: {}", route.model.provider, why);
  return heard;
}

/// "exit code 3: last line of standard error"
std::string end_of(const sys::ProcessExit& exit) {
  const std::string_view printed = trim(exit.err.empty() ? exit.out : exit.err);
  const std::string line = plain_line(printed.substr(printed.rfind('\n') + 1));  // npos + 1 == 0
  const std::string end =
      exit.signal ? fmt::format("signal {}", *exit.signal) : fmt::format("exit code {}", *exit.code);
  return line.empty() ? end : fmt::format("{}: {}", end, line);
}

class ProgramTry final : public Try {
 public:
  ProgramTry(const Route& route, const Ask& ask, TryEvents events)
      : route_(route), ask_(ask), events_(std::move(events)) {}

  Result<void> begin(sys::ProcessHost& processes, const std::filesystem::path& directory) {
    OE_TRY(sys::ProcessSpec spec, process_of(route_, ask_));
    spec.directory = directory;
    timeout_ = route_.model.timeout.value_or(kTimeout);
    spec.timeout = timeout_;
    OE_TRY(process_, processes.start(std::move(spec),
                                     {.on_exit = [this](const sys::ProcessExit& exit) { take_exit(exit); },
                                      .on_error_line = [this](std::string_view line) { events_.on_line(line); }}));
    return {};
  }

  Heard so_far() override { return {.is_paid = true}; }

 private:
  void take_exit(const sys::ProcessExit& exit) {
    const auto done = std::move(events_.on_end);
    done(judged(exit));
  }

  Heard judged(const sys::ProcessExit& exit) const {
    if (exit.timed_out) return unavailable(route_, fmt::format("no answer within {}", human_wait(timeout_)));
    if (exit.over_limit) return unavailable(route_, "it printed too much and was ended");
    if (!exit.signal && exit.code == 0) return said(exit.out);
    for (const std::string& printed : {exit.out, exit.err}) {
      Heard heard = said(printed);
      if (heard.reply.ending != Ending::answered && heard.reply.ending != Ending::garbled) return heard;
    }
    return unavailable(route_, end_of(exit));
  }

  Heard said(const std::string& out) const {
    Answer answer =
        route_.way == Way::command ? read_command_output(out) : read_cli_output(cli_call(route_, ask_), out);
    Heard heard{.usd = answer.usd, .is_paid = true};
    heard.reply = {.ending = answer.ending, .text = std::move(answer.text), .model = std::move(answer.model)};
    if (answer.usage.all() != 0) heard.reply.usage = answer.usage;
    if (answer.ending != Ending::answered)
      heard.reply.error = fmt::format("{}: {}", route_.model.provider, answer.error);
    return heard;
  }

  const Route& route_;
  Ask ask_;
  TryEvents events_;
  std::chrono::milliseconds timeout_{0};
  std::unique_ptr<sys::Process> process_;
};

}  // namespace

Result<std::unique_ptr<Try>> run_program(sys::ProcessHost& processes, const std::filesystem::path& directory,
                                         const Route& route, const Ask& ask, TryEvents events) {
  auto running = std::make_unique<ProgramTry>(route, ask, std::move(events));
  OE_CHECK(running->begin(processes, directory));
  return running;
}

}  // namespace oe::llm
