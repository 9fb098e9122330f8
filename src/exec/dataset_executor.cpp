#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "oe/exec/dataset.hpp"
#include "oe/exec/executor.hpp"
#include "oe/sys/clock.hpp"

#include "exec/row_source.hpp"
#include "exec/source_executors.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

using std::chrono::microseconds;

/// Then the others on the loop get their turn.
constexpr microseconds kTurn{5000};

Result<std::unique_ptr<RowReader>> open_dataset(const AttemptSpec& spec) {
  const auto* dataset = std::get_if<graph::Dataset>(&spec.work->work);
  if (dataset == nullptr) return fail(ErrorKind::bug, fmt::format("node '{}' is not a dataset", spec.node.text));
  if (spec.work->writes.size() != 1)
    return fail(ErrorKind::input, fmt::format("a dataset writes exactly one field, and '{}' writes {}", spec.node.text,
                                              spec.work->writes.size()));
  OE_TRY(const FilledSource source, fill_source(*dataset, spec.input));
  OE_CHECK(check_size(source.dataset, spec.directory));
  return open_rows(*dataset, spec.directory, spec.input);
}

/// Reads on the loop's own thread, a few milliseconds a turn; timeouts and cancels come in between.
class RowExecutor final : public Executor, public std::enable_shared_from_this<RowExecutor> {
 public:
  explicit RowExecutor(sys::EventLoop& loop) : loop_(loop) {}

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity) override {
    const std::uint64_t id = ++last_id_;
    Reading& reading = readings_[id];
    reading.spec = spec;
    reading.done = std::move(done);
    reading.begin = sys::system_clock().monotonic();
    later(id);
    return id;
  }

  void cancel(std::uint64_t attempt) override {
    if (const auto found = readings_.find(attempt); found != readings_.end()) found->second.cancelled = true;
  }

 private:
  struct Reading {
    AttemptSpec spec;
    Done done;
    microseconds begin{0};
    std::unique_ptr<RowReader> rows;
    nlohmann::json read = nlohmann::json::array();
    bool cancelled = false;
  };

  void later(std::uint64_t id) {
    loop_.post([self = weak_from_this(), id] {
      if (const auto executor = self.lock()) executor->turn(id);
    });
  }

  void turn(std::uint64_t id) {
    Reading& reading = readings_.at(id);
    auto report = go_on(reading);
    if (!report) return later(id);
    report->duration = sys::system_clock().monotonic() - reading.begin;
    const Reading ended = std::move(readings_.extract(id).mapped());
    ended.done(std::move(*report));
  }

  /// Nothing when there is more to read.
  static std::optional<AttemptReport> go_on(Reading& reading) {
    const auto& timeout = reading.spec.timeout;
    const auto begin = sys::system_clock().monotonic();
    if (reading.cancelled) return cancelled_report();
    if (!reading.rows) {
      auto rows = open_dataset(reading.spec);
      if (!rows) return failed_report(rows.error().to_string());
      reading.rows = std::move(*rows);
    }
    for (auto now = begin; now - begin < kTurn; now = sys::system_clock().monotonic()) {
      if (timeout && now - reading.begin > *timeout) return timed_out_report(*timeout);
      auto row = reading.rows->next();
      if (!row) return failed_report(row.error().to_string());
      if (!*row)
        return AttemptReport{.state_delta = {{reading.spec.work->writes.front(), Value(std::move(reading.read))}}};
      reading.read.push_back((*row)->json());
    }
    return std::nullopt;
  }

  sys::EventLoop& loop_;
  std::map<std::uint64_t, Reading> readings_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_row_executor(sys::EventLoop& loop) {
  return std::make_shared<RowExecutor>(loop);
}

}  // namespace oe::exec
