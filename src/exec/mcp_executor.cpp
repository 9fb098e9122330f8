#include <fmt/core.h>
#include <map>
#include <utility>

#include "exec/attempt_environment.hpp"
#include "exec/enclose.hpp"
#include "exec/input_lookup.hpp"
#include "exec/limits.hpp"
#include "exec/mcp_config.hpp"
#include "exec/mcp_dialogue.hpp"
#include "exec/print_log.hpp"
#include "exec/source_executors.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

constexpr std::size_t kLongestMessage = std::size_t{64} << 20U;

const graph::McpSource& source_of(const AttemptSpec& spec) {
  return std::get<graph::McpSource>(std::get<graph::Dataset>(spec.work->work).source);
}

Result<sys::ProcessSpec> server_process(const AttemptSpec& spec, const std::filesystem::path& root) {
  const std::string& directory = source_of(spec).directory;
  sys::ProcessSpec process;
  process.directory = directory.empty() ? spec.directory : spec.directory / directory;
  OE_TRY(McpServer server, mcp_server(process.directory, source_of(spec).server));
  process.argv = std::move(server.argv);
  process.environment = attempt_environment(spec, std::move(server.environment));
  process.keep_input_open = true;
  process.timeout = spec.timeout;
  process.max_output = kLongestMessage;
  OE_CHECK(enclose(process, spec, root));
  return process;
}

/// Starts the server of each attempt, reads one resource from it and ends it with all that it started.
class McpExecutor final : public Executor, public std::enable_shared_from_this<McpExecutor> {
 public:
  explicit McpExecutor(Services services) : services_(std::move(services)) {}

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity activity) override {
    const std::uint64_t id = ++last_id_;
    Reading& reading = readings_[id];
    reading.spec = spec;
    reading.done = std::move(done);
    reading.log = PrintLog(std::move(activity));
    if (const auto begun = begin(id, reading); !begun) fail_later(id, begun.error().to_string());
    return id;
  }

  void cancel(std::uint64_t attempt) override {
    const auto found = readings_.find(attempt);
    if (found != readings_.end() && found->second.process) found->second.process->kill_tree();
  }

 private:
  struct Reading {
    AttemptSpec spec;
    Done done;
    PrintLog log;
    std::optional<McpDialogue> dialogue;
    std::optional<AttemptReport> report;  ///< set when the server is no longer needed
    std::unique_ptr<sys::Process> process;
    std::unique_ptr<UsageWatch> watch;  ///< ends before the process
  };

  Result<void> begin(std::uint64_t id, Reading& reading) {
    OE_TRY(std::string uri, filled(source_of(reading.spec).uri, reading.spec.input));
    OE_TRY(sys::ProcessSpec process, server_process(reading.spec, services_.root));
    OE_TRY(reading.process, services_.processes.start(std::move(process), events(id)));
    reading.dialogue.emplace(std::move(uri),
                             [&reading](const std::string& line) { reading.process->write(line + "\n"); });
    if (reading.spec.sandbox != nullptr && is_limited(*reading.spec.sandbox)) watch(reading);
    reading.dialogue->begin();
    return {};
  }

  void watch(Reading& reading) {
    reading.watch = std::make_unique<UsageWatch>(services_.loop, *reading.process, [&](const sys::TreeUsage& usage) {
      if (auto breach = breach_of(*reading.spec.sandbox, usage)) conclude(reading, failed_report(std::move(*breach)));
    });
  }

  // The process belongs to its attempt here, so no event comes when this is gone.
  sys::ProcessEvents events(std::uint64_t id) {
    sys::ProcessEvents events;
    events.on_line = [this, id](std::string_view line) { take(readings_.at(id), line); };
    events.on_error_line = [this, id](std::string_view line) { readings_.at(id).log.add(line); };
    events.on_exit = [this, id](const sys::ProcessExit& exit) { end(id, exit); };
    return events;
  }

  static void take(Reading& reading, std::string_view line) {
    if (reading.report) return;
    auto rows = reading.dialogue->take(line);
    if (!rows) return;
    if (*rows)
      conclude(reading, {.state_delta = {{reading.spec.work->writes.front(), std::move(**rows)}}});
    else
      conclude(reading, failed_report(fmt::format(
                            "the server '{}' {}: {}", source_of(reading.spec).server,
                            reading.dialogue->is_open() ? "cannot read " + reading.dialogue->uri() : "does not start",
                            rows->error().to_string())));
  }

  static void conclude(Reading& reading, AttemptReport report) {
    if (reading.report) return;
    reading.report = std::move(report);
    reading.process->close_input();
    reading.process->kill_tree();
  }

  static AttemptReport report_of(const Reading& reading, const sys::ProcessExit& exit) {
    if (reading.report) return *reading.report;
    if (exit.cancelled) return cancelled_report();
    if (exit.timed_out) return timed_out_report(reading.spec.timeout.value_or(std::chrono::milliseconds(0)));
    const std::string& server = source_of(reading.spec).server;
    if (exit.over_limit)
      return failed_report(fmt::format("the server '{}' printed more than {} MiB", server,
                                       output_limit(reading.spec.sandbox, kLongestMessage) >> 20U));
    return failed_report(fmt::format("the server '{}' {}: {}", server,
                                     reading.dialogue->is_open() ? "ended before it answered" : "does not start",
                                     end_of(exit)));
  }

  void end(std::uint64_t id, const sys::ProcessExit& exit) {
    AttemptReport report = report_of(readings_.at(id), exit);
    report.duration = exit.duration;
    report.output = readings_.at(id).log.end();
    finish(id, std::move(report));
  }

  void fail_later(std::uint64_t id, std::string error) {
    services_.loop.post([self = weak_from_this(), id, error = std::move(error)] {
      if (const auto executor = self.lock()) executor->finish(id, failed_report(error));
    });
  }

  void finish(std::uint64_t id, AttemptReport report) {
    const auto ended = readings_.extract(id);
    ended.mapped().done(std::move(report));
  }

  Services services_;
  std::map<std::uint64_t, Reading> readings_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_mcp_executor(Services services) {
  return std::make_shared<McpExecutor>(std::move(services));
}

}  // namespace oe::exec
