#include "exec/process_executor.hpp"

#include <fmt/core.h>
#include <map>
#include <utility>

#include "exec/enclose.hpp"
#include "exec/limits.hpp"
#include "exec/print_log.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {
namespace {

/// What is known of an attempt when its process has ended.
struct ProcessEnd {
  const AttemptSpec& spec;
  ProcessKind kind;
  const std::string& breach;  ///< of a limit of the sandbox; empty: none
};

AttemptReport judge_process(const ProcessEnd& end, const sys::ProcessExit& exit) {
  if (!end.breach.empty()) return failed_report(end.breach);
  if (exit.cancelled) return cancelled_report();
  if (exit.timed_out) return timed_out_report(end.spec.timeout.value_or(std::chrono::milliseconds(0)));
  if (exit.over_limit)
    return failed_report(fmt::format("printed more than {} MiB and was ended; send large output to a file",
                                     output_limit(end.spec.sandbox, kMaxPrinted) >> 20U));
  return end.kind.report(end.spec, exit);
}

AttemptReport process_report(const ProcessEnd& end, const sys::ProcessExit& exit) {
  AttemptReport report = judge_process(end, exit);
  report.exit_code = exit.code;
  report.signal = exit.signal;
  report.duration = exit.duration;
  report.output = printed_end(exit.err.empty() ? exit.out : exit.err);
  return report;
}

class ProcessExecutor final : public Executor, public std::enable_shared_from_this<ProcessExecutor> {
 public:
  ProcessExecutor(Services services, ProcessKind kind) : services_(std::move(services)), kind_(kind) {}

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
    OE_TRY(sys::ProcessSpec process, kind_.process(spec));
    process.timeout = spec.timeout;
    process.max_output = kMaxPrinted;
    OE_CHECK(enclose(process, spec, services_.root));
    return services_.processes.start(std::move(process), events(id));
  }

  // The process belongs to its attempt here, so no event comes when this is gone.
  sys::ProcessEvents events(std::uint64_t id) {
    sys::ProcessEvents events;
    events.on_exit = [this, id](const sys::ProcessExit& exit) {
      const Running& running = running_.at(id);
      finish(id, process_report({running.spec, kind_, running.breach}, exit));
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
  ProcessKind kind_;
  std::map<std::uint64_t, Running> running_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_process_executor(Services services, ProcessKind kind) {
  return std::make_shared<ProcessExecutor>(std::move(services), kind);
}

}  // namespace oe::exec
