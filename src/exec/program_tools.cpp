#include "exec/program_tools.hpp"

#include <fmt/core.h>
#include <optional>
#include <string>
#include <utility>

#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

/// A tool's result may be larger than what a tool may print for people.
constexpr std::size_t kMaxProgramOutput = std::size_t{64} << 20;

sys::Environment tool_environment(const AttemptSpec& spec) {
  std::optional<std::string> index;
  if (spec.index) index = std::to_string(*spec.index);
  return sys::environment_with({{"OE_RUN_ID", spec.run.text},
                                {"OE_NODE_ID", spec.node.text},
                                {"OE_ATTEMPT", std::to_string(spec.attempt)},
                                {"OE_ITEM_INDEX", std::move(index)}});
}

sys::ProcessSpec program_spec(const ToolCall& call) {
  sys::ProcessSpec spec;
  spec.argv = {call.file.string()};
  spec.directory = call.spec.directory;
  spec.environment = tool_environment(call.spec);
  spec.input = call.spec.input.dump() + "\n";
  spec.max_output = kMaxProgramOutput;
  spec.timeout = call.spec.work->timeout;
  return spec;
}

AttemptReport judge_program(const ToolCall& call, const sys::ProcessExit& exit) {
  if (exit.cancelled) return cancelled_report();
  if (exit.timed_out) return timed_out_report(call.spec.work->timeout.value_or(std::chrono::milliseconds(0)));
  if (exit.over_limit) {
    return failed_report(
        fmt::format("printed more than {} MiB and was ended; hand large data over in files", kMaxProgramOutput >> 20U));
  }
  if (exit.signal || exit.code != 0) return failed_report("ended with " + end_of(exit));
  return printed_tool_report(exit.out);
}

AttemptReport program_report(const ToolCall& call, const sys::ProcessExit& exit) {
  AttemptReport report = judge_program(call, exit);
  const bool succeeded = report.outcome == ledger::Outcome::succeeded;
  report.exit_code = exit.code;
  report.signal = exit.signal;
  report.duration = exit.duration;
  report.output = printed_end(exit.err.empty() && !succeeded ? exit.out : exit.err);
  return report;
}

}  // namespace

void ProgramTools::start(ToolCall call) {
  const std::uint64_t id = call.id;
  PrintLog log(call.activity);
  auto& running = running_.emplace(id, Running{std::move(call), std::move(log), nullptr}).first->second;
  Result<std::unique_ptr<sys::Process>> process = services_.processes.start(program_spec(running.call), events(id));
  if (process) {
    running.process = std::move(*process);
    return;
  }
  services_.loop.post([self = weak_from_this(), id, report = failed_report(process.error().to_string())] {
    if (const auto tools = self.lock()) tools->finish(id, report);
  });
}

sys::ProcessEvents ProgramTools::events(std::uint64_t id) {
  sys::ProcessEvents events;
  events.on_exit = [self = weak_from_this(), id](const sys::ProcessExit& exit) {
    const auto tools = self.lock();
    if (!tools) return;
    tools->finish(id, program_report(tools->running_.at(id).call, exit));
  };
  events.on_error_line = [self = weak_from_this(), id](std::string_view line) {
    const auto tools = self.lock();
    if (!tools) return;
    if (const auto found = tools->running_.find(id); found != tools->running_.end()) found->second.log.add(line);
  };
  return events;
}

void ProgramTools::finish(std::uint64_t id, AttemptReport report) {
  const Running ended = std::move(running_.extract(id).mapped());
  ended.call.done(std::move(report));
}

void ProgramTools::cancel(std::uint64_t id) {
  const auto found = running_.find(id);
  if (found != running_.end() && found->second.process) found->second.process->kill_tree();
}

}  // namespace oe::exec
