#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "exec/module_tools.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

AttemptReport exited_report(int status) {
  AttemptReport report =
      failed_report(fmt::format("the worker ended with exit status {}: the tool called process.exit()", status));
  report.exit_code = status;
  return report;
}

AttemptReport crashed_report(const sys::ProcessExit& exit) {
  const bool out_of_memory = exit.err.find("heap out of memory") != std::string::npos;
  AttemptReport report = failed_report(
      fmt::format("the worker ended with {}{}", end_of(exit), out_of_memory ? " (JavaScript heap out of memory)" : ""));
  report.exit_code = exit.code;
  report.signal = exit.signal;
  return report;
}

}  // namespace

// --- where a call goes

void ModuleTools::assign(std::uint64_t id) {
  Running& running = running_.at(id);
  const Result<std::uint64_t> number = worker_for(running);
  if (!number) return finish_later(id, failed_report(number.error().to_string()));
  running.worker = *number;
  Worker& worker = workers_.at(*number);
  worker.calls.push_back(id);
  worker.process->write(running.request);
  if (worker.ready) start_clock(id);
}

// Later, so that cancelling many calls in one turn starts no worker for those that are cancelled next.
void ModuleTools::assign_later(std::vector<std::uint64_t> ids) {
  if (ids.empty()) return;
  services_.loop.post([self = weak_from_this(), ids = std::move(ids)] {
    const auto tools = self.lock();
    if (!tools) return;
    for (const std::uint64_t id : ids) {
      const auto found = tools->running_.find(id);
      if (found != tools->running_.end() && !found->second.ended) tools->assign(id);
    }
  });
}

Result<std::uint64_t> ModuleTools::worker_for(const Running& running) {
  const AttemptSpec& spec = running.call.spec;
  for (const auto& [number, worker] : workers_) {
    const bool shared = !running.alone && !worker.alone && !worker.ending;
    if (shared && worker.profile.serves(spec)) return number;
  }
  return start_worker(running);
}

Result<std::uint64_t> ModuleTools::start_worker(const Running& running) {
  OE_TRY(const std::filesystem::path program, node());
  const std::uint64_t number = ++last_worker_;
  const AttemptSpec& spec = running.call.spec;
  OE_TRY(sys::ProcessSpec process, node_worker(program, spec, services_.root));
  OE_TRY(auto started, services_.processes.start(std::move(process), events(number)));
  Worker& worker = workers_[number];
  worker = {.process = std::move(started), .profile = WorkerProfile::of(spec), .alone = running.alone};
  if (spec.sandbox != nullptr && is_limited(*spec.sandbox)) watch(number, worker);
  return number;
}

void ModuleTools::watch(std::uint64_t number, Worker& worker) {
  worker.watch = std::make_unique<UsageWatch>(services_.loop, *worker.process,
                                              [this, number](const sys::TreeUsage& usage) { look(number, usage); });
}

// Where a worker has served or serves others, a limit that is passed may be their doing: every call tries again alone.
void ModuleTools::look(std::uint64_t number, const sys::TreeUsage& usage) {
  Worker& worker = workers_.at(number);
  if (worker.ending) return;
  const std::vector<std::uint64_t> calls = worker.calls;
  for (const std::uint64_t id : calls) {
    Running& running = running_.at(id);
    auto breach = breach_of(*worker.profile.sandbox, usage, running.cpu_before);
    if (!breach || running.ended) continue;
    if (worker.alone) return condemn(id, failed_report(std::move(*breach)));
    detach(calls);
    worker.calls.clear();
    for (const std::uint64_t other : calls) running_.at(other).alone = true;
    assign_later(calls);
    return end_worker(worker);
  }
  if (calls.empty() && breach_of(*worker.profile.sandbox, usage, usage.cpu)) end_worker(worker);
}

Result<std::filesystem::path> ModuleTools::node() {
  if (!node_) node_ = sys::find_program("node");
  if (node_) return *node_;
  return fail(ErrorKind::environment, "an ES module needs the program 'node', which is not on PATH",
              "install it: apt-get install nodejs");
}

void ModuleTools::end_worker(Worker& worker) {
  worker.ending = true;
  worker.process->kill_tree();
}

void ModuleTools::leave(std::uint64_t id, Worker& worker) {
  std::erase(worker.calls, id);
  if (worker.alone && !worker.ending) end_worker(worker);
}

void ModuleTools::detach(const std::vector<std::uint64_t>& ids) {
  for (const std::uint64_t id : ids) {
    Running& running = running_.at(id);
    running.worker.reset();
    stop_clock(running);
  }
}

// --- what workers say and do

sys::ProcessEvents ModuleTools::events(std::uint64_t worker) {
  sys::ProcessEvents events;
  events.on_exit = [self = weak_from_this(), worker](const sys::ProcessExit& exit) {
    if (const auto tools = self.lock()) tools->worker_ended(worker, exit);
  };
  events.on_reply = [self = weak_from_this(), worker](std::string_view line) {
    if (const auto tools = self.lock()) tools->heard_line(worker, line);
  };
  events.on_error_line = [self = weak_from_this(), worker](std::string_view line) {
    if (const auto tools = self.lock()) tools->heard_error_line(worker, line);
  };
  return events;
}

// What is about a call that the worker does not hold (any more) is ignored.
void ModuleTools::heard_line(std::uint64_t number, std::string_view line) {
  const auto found = workers_.find(number);
  if (found == workers_.end() || found->second.ending) return;
  Worker& worker = found->second;
  const std::optional<WorkerMessage> message = read_worker_line(line);
  if (!message) return;
  const auto id = call_of(*message);
  const bool known = !id || std::find(worker.calls.begin(), worker.calls.end(), *id) != worker.calls.end();
  if (known) std::visit([&](const auto& fact) { heard(worker, fact); }, *message);
}

void ModuleTools::heard(Worker& worker, const WorkerReady&) {
  if (std::exchange(worker.ready, true)) return;
  for (const std::uint64_t id : worker.calls) start_clock(id);
}

void ModuleTools::heard(Worker&, const WorkerLog& log) {
  PrintLog& printed = running_.at(log.call).log;
  printed.add(log.line);
  const std::size_t limit = output_limit(running_.at(log.call).call.spec.sandbox, kMaxPrinted);
  if (printed.bytes() <= limit) return;
  condemn(log.call, failed_report(fmt::format("printed more than {} MiB and was ended", limit >> 20U)));
}

void ModuleTools::heard(Worker&, const WorkerReply& reply) {
  finish(reply.call, reply.report);
}

void ModuleTools::heard(Worker& worker, const WorkerExiting& exiting) {
  worker.verdict.emplace(exiting.call, exited_report(exiting.status));
}

// The worker traces what tools print by itself. This is from child processes and from node, and it is only clear whose
// it is when there is one call.
void ModuleTools::heard_error_line(std::uint64_t number, std::string_view line) {
  const auto found = workers_.find(number);
  if (found == workers_.end() || found->second.calls.size() != 1) return;
  running_.at(found->second.calls.front()).log.add(line);
}

void ModuleTools::worker_ended(std::uint64_t number, const sys::ProcessExit& exit) {
  auto extracted = workers_.extract(number);
  if (!extracted) return;
  Worker worker = std::move(extracted.mapped());
  detach(worker.calls);
  const bool blameless = !worker.verdict && worker.ready && worker.calls.size() > 1;
  std::vector<std::uint64_t> again;
  for (const std::uint64_t id : std::exchange(worker.calls, {})) {
    if (worker.verdict && worker.verdict->first == id) {
      finish_later(id, worker.verdict->second);
    } else if (worker.verdict || blameless) {
      running_.at(id).alone |= blameless;
      again.push_back(id);
    } else {
      finish_later(id, crashed_report(exit));
    }
  }
  assign_later(std::move(again));
}

}  // namespace oe::exec
