#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oe/base/digest.hpp"
#include "oe/engine/run.hpp"

namespace oe::engine {

using Json = nlohmann::json;

inline Value value(const std::string& text) {
  return Value(Json::parse(text));
}

/// Processor time of this program: other work on the machine does not count.
inline double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// What an attempt of a node does: how many turns of the loop it takes, or how long, and how it ends.
struct Script {
  std::function<exec::AttemptReport(const exec::AttemptSpec&)> report = [](const auto&) {
    return exec::AttemptReport{};
  };
  std::function<int(const exec::AttemptSpec&)> turns = [](const auto&) { return 0; };
  std::chrono::milliseconds delay{0};
  exec::Spend most;  ///< that an attempt can spend
};

inline exec::AttemptReport wrote(std::map<std::string, Value> delta) {
  exec::AttemptReport report;
  report.state_delta = std::move(delta);
  return report;
}

inline exec::AttemptReport failed(std::string error, ledger::Outcome outcome = ledger::Outcome::failed) {
  exec::AttemptReport report;
  report.outcome = outcome;
  report.error = std::move(error);
  return report;
}

/// Plays scripts by node id on the real loop and remembers what it was asked for.
class ScriptedExecutor : public exec::Executor {
 public:
  explicit ScriptedExecutor(sys::EventLoop& loop) : loop_(loop) {}

  std::uint64_t start(const exec::AttemptSpec& spec, exec::Done done, exec::Activity activity) override {
    const std::uint64_t handle = ++last_;
    attempts_[handle] = {spec, std::move(done), std::move(activity)};
    started.push_back(spec);
    if (on_start) on_start(spec);
    most_at_once = std::max(most_at_once, attempts_.size());
    const auto same = [&](const auto& entry) { return entry.second.spec.node == spec.node; };
    auto& most = most_of_node[spec.node.text];
    most =
        std::max<std::size_t>(most, static_cast<std::size_t>(std::count_if(attempts_.begin(), attempts_.end(), same)));
    const Script& script = scripts[spec.node.text];
    if (script.delay.count() > 0)
      loop_.after(script.delay, [this, handle] { end(handle); });
    else
      turn(handle, script.turns(spec));
    return handle;
  }

  void cancel(std::uint64_t handle) override {
    ++cancels;
    if (const auto found = attempts_.find(handle); found != attempts_.end() && !found->second.cancelled) {
      found->second.cancelled = true;
      loop_.post([this, handle] { end(handle); });
    }
  }

  exec::Spend at_most(const exec::AttemptSpec& spec) override { return scripts[spec.node.text].most; }

  std::size_t in_flight() const { return attempts_.size(); }
  std::vector<std::string> order() const {
    std::vector<std::string> ids;
    for (const auto& spec : started) ids.push_back(spec.node.text);
    return ids;
  }
  /// The input of the first attempt of a node or item.
  Json input(const std::string& id, std::optional<std::uint64_t> index = std::nullopt) const {
    for (const auto& spec : started)
      if (spec.node.text == id && spec.index == index) return spec.input.json();
    return "never started";
  }

  std::map<std::string, Script> scripts;
  std::vector<exec::AttemptSpec> started;
  std::function<void(const exec::AttemptSpec&)> on_start;
  std::size_t most_at_once = 0;
  std::map<std::string, std::size_t> most_of_node;
  std::size_t cancels = 0;

 private:
  struct Attempt {
    exec::AttemptSpec spec;
    exec::Done done;
    exec::Activity activity;
    bool cancelled = false;
  };

  void turn(std::uint64_t handle, int turns) {
    loop_.post([this, handle, turns] { turns > 0 ? turn(handle, turns - 1) : end(handle); });
  }

  void end(std::uint64_t handle) {
    auto attempt = attempts_.extract(handle);
    if (attempt.empty()) return;
    const Attempt& ended = attempt.mapped();
    ended.done(ended.cancelled ? failed("cancelled", ledger::Outcome::cancelled)
                               : scripts[ended.spec.node.text].report(ended.spec));
  }

  sys::EventLoop& loop_;
  std::map<std::uint64_t, Attempt> attempts_;
  std::uint64_t last_ = 0;
};

/// Keeps events in memory; refuses the event with number `refuse_at` and all after it.
class RecordingSink : public ledger::EventSink {
 public:
  Result<void> record(ledger::RunEvent body) override {
    if (on_event) on_event(body);
    if (events.size() + 1 >= refuse_at) return fail(ErrorKind::environment, "no space left on device");
    events.push_back({.number = events.size() + 1, .run = RunId{"r-test"}, .time = {}, .body = std::move(body)});
    return {};
  }

  Result<void> flush() override {
    flushed = events.size();
    return {};
  }

  template <class Body>
  std::vector<Body> all(const std::string& id = {}) const {
    std::vector<Body> found;
    for (const ledger::Event& event : events)
      if (const auto* body = std::get_if<Body>(&event.body)) {
        if constexpr (requires { body->at; })
          if (!id.empty() && body->at.node.text != id) continue;
        found.push_back(*body);
      }
    return found;
  }
  template <class Body>
  Body only(const std::string& id = {}) const {
    const auto found = all<Body>(id);
    return found.size() == 1 ? found.front() : Body{};
  }

  std::vector<ledger::Event> events;
  std::size_t flushed = 0;  ///< events before the newest flush()
  std::uint64_t refuse_at = UINT64_MAX;
  std::function<void(const ledger::RunEvent&)> on_event;
};

/// A graph of tool nodes, written down in a few words.
struct GraphUnderTest : graph::Graph {
  GraphUnderTest() { name = "under-test"; }
  GraphUnderTest& field(const std::string& id, graph::Merge merge = graph::Merge::last_wins,
                        graph::FieldType type = graph::FieldType::any) {
    state.push_back({.name = id, .type = type, .merge = merge});
    return *this;
  }
  graph::Node& add(const std::string& id, std::vector<std::string> reads = {}, std::vector<std::string> writes = {}) {
    nodes.push_back({.id = NodeId{id}, .reads = std::move(reads), .writes = std::move(writes)});
    nodes.back().work = graph::Tool{.impl = "tool.mjs"};
    return nodes.back();
  }
  graph::Node& add_each(const std::string& id, const std::string& source, std::uint32_t concurrency,
                        std::vector<std::string> reads = {}, std::vector<std::string> writes = {}) {
    graph::Node& node = add(id, std::move(reads), std::move(writes));
    graph::Graph body;
    body.nodes.push_back(node);
    node.work = graph::Each{.source = source, .concurrency = concurrency, .body = std::move(body)};
    return node;
  }
  void edge(const std::string& from, const std::string& to, std::optional<std::string> when = std::nullopt) {
    edges.push_back({.from = NodeId{from}, .to = NodeId{to}, .when = std::move(when)});
  }
};

/// A loop, an executor for tools and a sink.
struct World {
  World() { executors.add("tool", executor); }

  Script& script(const std::string& id) { return executor->scripts[id]; }
  void writes(const std::string& id, std::map<std::string, Value> delta) {
    script(id).report = [delta](const auto&) { return wrote(delta); };
  }
  void fails(const std::string& id) {
    script(id).report = [id](const auto&) { return failed(id + " broke"); };
  }
  RunContext context() { return {loop, executors, sink, sys::system_clock(), "/somewhere", {}, RunId{"r-test"}}; }

  /// Plans and runs; a refused plan or a broken sink is an Error.
  Result<RunSummary> run(const graph::Graph& graph, PlanOptions options = {}) {
    OE_TRY(const Plan plan, make_plan(graph, options, executors));
    Run run(plan, context());
    current = &run;
    auto summary = run.run();
    current = nullptr;
    return summary;
  }
  Result<RunSummary> run(const graph::Graph& graph, std::uint32_t concurrency) {
    return run(graph, PlanOptions{.args = Value::object(), .concurrency = concurrency});
  }

  sys::EventLoop loop;
  std::shared_ptr<ScriptedExecutor> executor = std::make_shared<ScriptedExecutor>(loop);
  exec::Executors executors;
  RecordingSink sink;
  Run* current = nullptr;
};

}  // namespace oe::engine
