#include "exec/module_tools.hpp"

#include <utility>

#include "oe/sys/clock.hpp"

#include "exec/tool_report.hpp"

namespace oe::exec {

void ModuleTools::start(ToolCall call) {
  const std::uint64_t id = call.id;
  std::string request = worker_request(id, call.file, call.spec);
  PrintLog log(call.activity);
  running_.emplace(id, Running{std::move(call), std::move(log), std::move(request)});
  assign(id);
}

void ModuleTools::cancel(std::uint64_t id) {
  condemn(id, cancelled_report());
}

// Runs from when the worker is ready: the start of node itself is not on a call's account.
void ModuleTools::start_clock(std::uint64_t id) {
  Running& running = running_.at(id);
  running.begin = sys::system_clock().monotonic();
  const graph::Sandbox* const sandbox = running.call.spec.sandbox;
  if (sandbox != nullptr && sandbox->cpu) running.cpu_before = workers_.at(*running.worker).process->usage().cpu;
  const auto timeout = running.call.spec.timeout;
  if (!timeout) return;
  running.timeout = services_.loop.after(*timeout, [self = weak_from_this(), id, limit = *timeout] {
    if (const auto tools = self.lock()) tools->condemn(id, timed_out_report(limit));
  });
}

void ModuleTools::stop_clock(Running& running) {
  if (running.timeout) services_.loop.cancel(*running.timeout);
  running.timeout.reset();
}

// Ends a call that goes on in its worker, which only works by ending the worker.
void ModuleTools::condemn(std::uint64_t id, AttemptReport report) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  if (!found->second.worker) return finish_later(id, std::move(report));
  Worker& worker = workers_.at(*found->second.worker);
  if (worker.ending) return;
  worker.verdict.emplace(id, std::move(report));
  std::vector<std::uint64_t> innocent = std::exchange(worker.calls, {id});
  std::erase(innocent, id);
  detach(innocent);
  assign_later(std::move(innocent));
  end_worker(worker);
}

void ModuleTools::finish(std::uint64_t id, AttemptReport report) {
  Running ended = std::move(running_.extract(id).mapped());
  stop_clock(ended);
  if (ended.worker) leave(id, workers_.at(*ended.worker));
  if (ended.begin) report.duration = sys::system_clock().monotonic() - *ended.begin;
  report.output = ended.log.end();
  ended.call.done(std::move(report));
}

void ModuleTools::finish_later(std::uint64_t id, AttemptReport report) {
  Running& running = running_.at(id);
  if (std::exchange(running.ended, true)) return;
  services_.loop.post([self = weak_from_this(), id, report = std::move(report)] {
    if (const auto tools = self.lock()) tools->finish(id, report);
  });
}

}  // namespace oe::exec
