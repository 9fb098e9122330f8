#include <fmt/core.h>
#include <map>
#include <utility>
#include <variant>

#include "oe/exec/executor.hpp"

#include "exec/command_line.hpp"
#include "exec/command_output.hpp"
#include "exec/print_log.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {
namespace {

sys::Environment command_environment(const AttemptSpec& spec, CommandLine& line) {
  std::optional<std::string> index;
  if (spec.index) index = std::to_string(*spec.index);
  std::vector<std::pair<std::string, std::optional<std::string>>> changes = {
      {"OE_RUN_ID", spec.run.text},
      {"OE_NODE_ID", spec.node.text},
      {"OE_ATTEMPT", std::to_string(spec.attempt)},
      {"OE_ITEM_INDEX", std::move(index)}};
  for (auto& [name, value] : line.variables) changes.emplace_back(std::move(name), std::move(value));
  return sys::environment_with(changes);
}

Result<sys::ProcessSpec> command_process(const AttemptSpec& spec) {
  const auto* command = std::get_if<graph::Command>(&spec.work->work);
  if (command == nullptr) return fail(ErrorKind::bug, fmt::format("node '{}' is not a command", spec.node.text));
  OE_TRY(CommandLine line, command_line(*command, spec.input));
  sys::ProcessSpec process;
  process.environment = command_environment(spec, line);
  process.argv = std::move(line.argv);
  process.directory = command->workdir.empty() ? spec.directory : spec.directory / command->workdir;
  process.timeout = spec.work->timeout;
  process.max_output = kMaxPrinted;
  return process;
}

AttemptReport command_timed_out(std::chrono::milliseconds timeout) {
  AttemptReport report = timed_out_report(timeout);
  report.error += " (timeout_ms of the node)";
  return report;
}

AttemptReport captured_report(const graph::Node& node, const sys::ProcessExit& exit) {
  const auto& command = std::get<graph::Command>(node.work);
  auto captured = command_output(command.output, node.writes, exit.out);
  if (!captured) return failed_report(captured.error().to_string());
  AttemptReport report;
  report.state_delta = std::move(*captured);
  return report;
}

AttemptReport judge_command(const graph::Node& node, const sys::ProcessExit& exit) {
  if (exit.cancelled) return cancelled_report();
  if (exit.timed_out) return command_timed_out(node.timeout.value_or(std::chrono::milliseconds(0)));
  if (exit.over_limit)
    return failed_report(
        fmt::format("printed more than {} MiB and was ended; send large output to a file", kMaxPrinted >> 20U));
  if (exit.signal || exit.code != 0) return failed_report(end_of(exit));
  return captured_report(node, exit);
}

AttemptReport command_report(const graph::Node& node, const sys::ProcessExit& exit) {
  AttemptReport report = judge_command(node, exit);
  report.exit_code = exit.code;
  report.signal = exit.signal;
  report.duration = exit.duration;
  report.output = printed_end(exit.err.empty() ? exit.out : exit.err);
  return report;
}

/// Starts the process of each attempt and reports its end.
class CommandExecutor final : public Executor, public std::enable_shared_from_this<CommandExecutor> {
 public:
  explicit CommandExecutor(Services services) : services_(services) {}

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity activity) override {
    const std::uint64_t id = ++last_id_;
    running_.emplace(id, Running{spec.work, std::move(done), PrintLog(std::move(activity)), nullptr});
    auto process = begin(spec, id);
    if (process)
      running_.at(id).process = std::move(*process);
    else
      fail_later(id, failed_report(process.error().to_string()));
    return id;
  }

  void cancel(std::uint64_t attempt) override {
    const auto found = running_.find(attempt);
    if (found != running_.end() && found->second.process) found->second.process->kill_tree();
  }

 private:
  struct Running {
    const graph::Node* work;
    Done done;
    PrintLog log;
    std::unique_ptr<sys::Process> process;
  };

  Result<std::unique_ptr<sys::Process>> begin(const AttemptSpec& spec, std::uint64_t id) {
    OE_TRY(sys::ProcessSpec process, command_process(spec));
    return services_.processes.start(std::move(process), events(id));
  }

  // The process belongs to its attempt here, so no event comes when this is gone.
  sys::ProcessEvents events(std::uint64_t id) {
    sys::ProcessEvents events;
    events.on_exit = [this, id](const sys::ProcessExit& exit) {
      finish(id, command_report(*running_.at(id).work, exit));
    };
    events.on_error_line = [this, id](std::string_view line) { running_.at(id).log.add(line); };
    return events;
  }

  void fail_later(std::uint64_t id, AttemptReport report) {
    services_.loop.post([self = weak_from_this(), id, report = std::move(report)] {
      if (const auto executor = self.lock()) executor->finish(id, report);
    });
  }

  void finish(std::uint64_t id, AttemptReport report) {
    const Running ended = std::move(running_.extract(id).mapped());
    ended.done(std::move(report));
  }

  Services services_;
  std::map<std::uint64_t, Running> running_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_command_executor(Services services) {
  return std::make_shared<CommandExecutor>(services);
}

}  // namespace oe::exec
