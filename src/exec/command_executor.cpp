#include <fmt/core.h>
#include <map>
#include <utility>
#include <variant>

#include "oe/exec/executor.hpp"

#include "exec/attempt_environment.hpp"
#include "exec/command_line.hpp"
#include "exec/command_output.hpp"
#include "exec/enclose.hpp"
#include "exec/limits.hpp"
#include "exec/print_log.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {
namespace {

Result<sys::ProcessSpec> command_process(const AttemptSpec& spec, const std::filesystem::path& root) {
  const auto* command = std::get_if<graph::Command>(&spec.work->work);
  if (command == nullptr) return fail(ErrorKind::bug, fmt::format("node '{}' is not a command", spec.node.text));
  OE_TRY(CommandLine line, command_line(*command, spec.input));
  sys::ProcessSpec process;
  process.environment = attempt_environment(spec, {line.variables.begin(), line.variables.end()});
  process.argv = std::move(line.argv);
  process.directory = command->workdir.empty() ? spec.directory : spec.directory / command->workdir;
  process.timeout = spec.timeout;
  process.max_output = kMaxPrinted;
  OE_CHECK(enclose(process, spec, root));
  return process;
}

AttemptReport captured_report(const graph::Node& node, const sys::ProcessExit& exit) {
  const auto& command = std::get<graph::Command>(node.work);
  auto captured = command_output(command.output, node.writes, exit.out);
  if (!captured) return failed_report(captured.error().to_string());
  AttemptReport report;
  report.state_delta = std::move(*captured);
  return report;
}

/// What is known of an attempt when its process has ended.
struct CommandEnd {
  const graph::Node& node;
  std::chrono::milliseconds timeout;
  std::size_t max_output;
  const std::string& breach;  ///< of a limit of the sandbox; empty: none
};

AttemptReport judge_command(const CommandEnd& end, const sys::ProcessExit& exit) {
  if (!end.breach.empty()) return failed_report(end.breach);
  if (exit.cancelled) return cancelled_report();
  if (exit.timed_out) return timed_out_report(end.timeout);
  if (exit.over_limit)
    return failed_report(
        fmt::format("printed more than {} MiB and was ended; send large output to a file", end.max_output >> 20U));
  if (exit.signal || exit.code != 0) return failed_report(end_of(exit));
  return captured_report(end.node, exit);
}

AttemptReport command_report(const CommandEnd& end, const sys::ProcessExit& exit) {
  AttemptReport report = judge_command(end, exit);
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
    Running& running = running_[id];
    running = {.spec = spec, .done = std::move(done), .log = PrintLog(std::move(activity))};
    auto process = begin(spec, id);
    if (!process) {
      fail_later(id, failed_report(process.error().to_string()));
      return id;
    }
    running.process = std::move(*process);
    if (spec.sandbox != nullptr && is_limited(*spec.sandbox)) watch(running);
    return id;
  }

  void cancel(std::uint64_t attempt) override {
    const auto found = running_.find(attempt);
    if (found != running_.end() && found->second.process) found->second.process->kill_tree();
  }

 private:
  struct Running {
    AttemptSpec spec;
    Done done;
    PrintLog log;
    std::unique_ptr<sys::Process> process;
    std::unique_ptr<UsageWatch> watch;  ///< ends before the process
    std::string breach;

    CommandEnd end() const {
      return {*spec.work, spec.timeout.value_or(std::chrono::milliseconds(0)), output_limit(spec.sandbox, kMaxPrinted),
              breach};
    }
  };

  void watch(Running& running) {
    running.watch = std::make_unique<UsageWatch>(services_.loop, *running.process, [&](const sys::TreeUsage& usage) {
      auto breach = breach_of(*running.spec.sandbox, usage);
      if (!breach || !running.breach.empty()) return;
      running.breach = std::move(*breach);
      running.process->kill_tree();
    });
  }

  Result<std::unique_ptr<sys::Process>> begin(const AttemptSpec& spec, std::uint64_t id) {
    OE_TRY(sys::ProcessSpec process, command_process(spec, services_.root));
    return services_.processes.start(std::move(process), events(id));
  }

  // The process belongs to its attempt here, so no event comes when this is gone.
  sys::ProcessEvents events(std::uint64_t id) {
    sys::ProcessEvents events;
    events.on_exit = [this, id](const sys::ProcessExit& exit) {
      finish(id, command_report(running_.at(id).end(), exit));
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
