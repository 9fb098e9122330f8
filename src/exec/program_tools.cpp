#include "exec/program_tools.hpp"

#include <fmt/core.h>
#include <optional>
#include <string>
#include <utility>

#include "exec/attempt_environment.hpp"
#include "exec/enclose.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

/// A tool's result may be larger than what a tool may print for people.
constexpr std::size_t kMaxProgramOutput = std::size_t{64} << 20;

Result<sys::ProcessSpec> program_spec(const ToolCall& call, const std::filesystem::path& root) {
  sys::ProcessSpec spec;
  spec.argv = {call.file.string()};
  spec.directory = call.spec.directory;
  spec.environment = attempt_environment(call.spec);
  spec.input = call.spec.input.dump() + "\n";
  spec.max_output = kMaxProgramOutput;
  spec.timeout = call.spec.timeout;
  OE_CHECK(enclose(spec, call.spec, root));
  return spec;
}

AttemptReport judge_program(const ToolCall& call, const std::string& breach, const sys::ProcessExit& exit) {
  if (!breach.empty()) return failed_report(breach);
  if (exit.cancelled) return cancelled_report();
  if (exit.timed_out) return timed_out_report(call.spec.timeout.value_or(std::chrono::milliseconds(0)));
  if (exit.over_limit) {
    return failed_report(fmt::format("printed more than {} MiB and was ended; hand large data over in files",
                                     output_limit(call.spec.sandbox, kMaxProgramOutput) >> 20U));
  }
  if (exit.signal || exit.code != 0) return failed_report("ended with " + end_of(exit));
  return printed_tool_report(exit.out);
}

AttemptReport program_report(const ToolCall& call, const std::string& breach, const sys::ProcessExit& exit) {
  AttemptReport report = judge_program(call, breach, exit);
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
  Running& running = running_[id];
  running.log = PrintLog(call.activity);
  running.call = std::move(call);
  Result<std::unique_ptr<sys::Process>> process = begin(running.call);
  if (process) {
    running.process = std::move(*process);
    if (running.call.spec.sandbox != nullptr && is_limited(*running.call.spec.sandbox)) watch(running);
    return;
  }
  services_.loop.post([self = weak_from_this(), id, report = failed_report(process.error().to_string())] {
    if (const auto tools = self.lock()) tools->finish(id, report);
  });
}

Result<std::unique_ptr<sys::Process>> ProgramTools::begin(const ToolCall& call) {
  OE_TRY(sys::ProcessSpec spec, program_spec(call, services_.root));
  return services_.processes.start(std::move(spec), events(call.id));
}

void ProgramTools::watch(Running& running) {
  running.watch = std::make_unique<UsageWatch>(services_.loop, *running.process, [&](const sys::TreeUsage& usage) {
    auto breach = breach_of(*running.call.spec.sandbox, usage);
    if (!breach || !running.breach.empty()) return;
    running.breach = std::move(*breach);
    running.process->kill_tree();
  });
}

sys::ProcessEvents ProgramTools::events(std::uint64_t id) {
  sys::ProcessEvents events;
  events.on_exit = [self = weak_from_this(), id](const sys::ProcessExit& exit) {
    const auto tools = self.lock();
    if (!tools) return;
    const Running& running = tools->running_.at(id);
    tools->finish(id, program_report(running.call, running.breach, exit));
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
