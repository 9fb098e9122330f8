#include <fmt/core.h>
#include <map>
#include <utility>
#include <variant>

#include "oe/exec/dataset.hpp"
#include "oe/exec/executor.hpp"
#include "oe/sys/clock.hpp"

namespace oe::exec {

namespace {

AttemptReport failed_dataset(std::string why) {
  return {.outcome = ledger::Outcome::failed, .error = std::move(why)};
}

AttemptReport load_dataset(const AttemptSpec& spec) {
  const auto* dataset = std::get_if<graph::Dataset>(&spec.work->work);
  if (dataset == nullptr) return failed_dataset(fmt::format("node '{}' is not a dataset", spec.node.text));
  if (spec.work->writes.size() != 1) {
    return failed_dataset(fmt::format("a dataset writes exactly one field, and '{}' writes {}", spec.node.text,
                                      spec.work->writes.size()));
  }
  Result<Value> rows = load_rows(*dataset, spec.directory);
  if (!rows) return failed_dataset(rows.error().to_string());
  return {.state_delta = {{spec.work->writes.front(), std::move(*rows)}}};
}

/// Reads on the loop's own thread, one dataset a turn. A file is read whole before anything else happens, so a
/// timeout cannot cut it short.
class DatasetExecutor final : public Executor, public std::enable_shared_from_this<DatasetExecutor> {
 public:
  explicit DatasetExecutor(sys::EventLoop& loop) : loop_(loop) {}

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity) override {
    const std::uint64_t id = ++last_id_;
    waiting_.emplace(id, Waiting{spec, std::move(done)});
    loop_.post([self = weak_from_this(), id] {
      if (const auto executor = self.lock()) executor->finish(id);
    });
    return id;
  }

  void cancel(std::uint64_t attempt) override {
    if (const auto found = waiting_.find(attempt); found != waiting_.end()) found->second.cancelled = true;
  }

 private:
  struct Waiting {
    AttemptSpec spec;
    Done done;
    bool cancelled = false;
  };

  void finish(std::uint64_t id) {
    const Waiting attempt = std::move(waiting_.extract(id).mapped());
    const auto begin = sys::system_clock().monotonic();
    AttemptReport report = attempt.cancelled
                               ? AttemptReport{.outcome = ledger::Outcome::cancelled, .error = "cancelled"}
                               : load_dataset(attempt.spec);
    report.duration = sys::system_clock().monotonic() - begin;
    attempt.done(std::move(report));
  }

  sys::EventLoop& loop_;
  std::map<std::uint64_t, Waiting> waiting_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_dataset_executor(Services services) {
  return std::make_shared<DatasetExecutor>(services.loop);
}

}  // namespace oe::exec
