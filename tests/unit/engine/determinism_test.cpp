#include <gtest/gtest.h>
#include <random>

#include "oe/engine/run.hpp"

#include "unit/engine/world.hpp"

namespace oe::engine {
namespace {

using graph::Merge;

int pick(std::mt19937& random, int below) {
  return static_cast<int>(random() % static_cast<unsigned>(below));
}

/// A random workflow: every merge, conditions, fan-outs, retries, failures.
struct RandomWorkflow {
  GraphUnderTest graph;
  std::map<std::string, std::map<std::string, Value>> deltas;
  std::map<std::string, std::uint32_t> failures;  ///< attempts that fail before one succeeds

  explicit RandomWorkflow(unsigned seed) : random_(seed) {
    graph.field("rows", Merge::array_append).field("list", Merge::array_append);
    graph.field("a").field("b").field("c").field("once", Merge::set_once);
    const int nodes = 4 + pick(random_, 12);
    for (int i = 0; i < nodes; ++i) add_node(i);
    std::shuffle(graph.nodes.begin(), graph.nodes.end(), random_);
    for (int to = 1; to < nodes; ++to)
      for (int from = 0; from < to; ++from)
        if (pick(random_, 5) == 0) add_edge(from, to);
  }

  exec::AttemptReport report(const exec::AttemptSpec& spec) const {
    const std::uint64_t item = spec.index.value_or(0);
    if (spec.attempt <= failures.at(spec.node.text) + (item == 2 ? 1 : 0)) return failed("planned");
    auto delta = deltas.at(spec.node.text);
    for (auto& [field, value] : delta)
      if (!value.is_array() && spec.index) value = Value::of(spec.node.text + std::to_string(item));
    auto done = wrote(std::move(delta));
    if (item != 1) done.edge_output = Value::of(spec.node.text + "/" + std::to_string(item));
    return done;
  }

 private:
  void add_node(int i) {
    const std::string id = "n" + std::to_string(i);
    std::map<std::string, Value>& delta = deltas[id];
    std::vector<std::string> reads, writes;
    for (const char* field : {"rows", "list", "a", "b", "c", "once"}) {
      if (pick(random_, 4) == 0) reads.push_back(field);
      if (pick(random_, 4) != 0) continue;
      writes.push_back(field);
      const bool list = std::string(field) == "rows" || std::string(field) == "list";
      delta[field] = list ? value("[" + std::to_string(i) + ", \"" + id + "\"]") : Value::of(i);
    }
    graph::Node& node =
        pick(random_, 3) == 0
            ? graph.add_each(id, "$.rows", static_cast<std::uint32_t>(1 + pick(random_, 3)), reads, writes)
            : graph.add(id, reads, writes);
    const bool retries = pick(random_, 3) == 0;
    if (retries) node.on_error = {graph::ErrorPolicy::retry, 3, graph::Backoff::linear, std::chrono::milliseconds(0)};
    failures[id] = pick(random_, 6) == 0 ? 1 : 0;
  }

  void add_edge(int from, int to) {
    std::optional<std::string> when;
    if (pick(random_, 4) == 0) when = pick(random_, 2) ? "length($.rows) > 2" : "$.a != 3";
    graph.edge("n" + std::to_string(from), "n" + std::to_string(to), when);
  }

  std::mt19937 random_;
};

/// What must not depend on concurrency and speed.
struct Facts {
  ledger::RunStatus status{};
  std::map<std::string, Value> state;
  std::map<std::string, std::string> ends;  ///< how each node ended
  std::map<std::tuple<std::string, std::optional<std::uint64_t>, std::uint32_t>, std::string> inputs;
  std::map<NodeId, std::uint64_t> order;
  friend bool operator==(const Facts&, const Facts&) = default;
};

Facts facts_of(const RunSummary& summary, const RecordingSink& sink) {
  Facts facts{.status = summary.status, .state = summary.state};
  for (const auto& end : sink.all<ledger::NodeFinished>())
    if (!end.at.index) facts.ends[end.at.node.text] = "finished " + (end.edge_output ? end.edge_output->dump() : "");
  for (const auto& end : sink.all<ledger::NodeFailed>())
    if (!end.at.index) facts.ends[end.at.node.text] = "failed " + end.error;
  for (const auto& end : sink.all<ledger::NodeSkipped>())
    facts.ends[end.at.node.text] = "skipped " + std::string(to_string(end.cause)) + end.reason;
  for (const auto& start : sink.all<ledger::NodeStarted>()) {
    const bool fresh =
        facts.inputs.emplace(std::tuple(start.at.node.text, start.at.index, start.attempt), start.input_digest).second;
    EXPECT_TRUE(fresh) << start.at.node.text << " was started twice";
  }
  for (const auto& ready : sink.all<ledger::NodeReady>()) facts.order[ready.at.node] = ready.order;
  return facts;
}

void expect_limits(const RandomWorkflow& workflow, const World& world, std::uint32_t concurrency) {
  EXPECT_LE(world.executor->most_at_once, concurrency);
  for (const graph::Node& node : workflow.graph.nodes) {
    const graph::Each* each = graph::each(node);
    const auto most = world.executor->most_of_node.find(node.id.text);
    if (most == world.executor->most_of_node.end()) continue;
    EXPECT_LE(most->second, each ? each->concurrency : 1u) << node.id;
  }
}

// The journal alone says what the run says: resume, show and diff live from it.
void expect_same_fold(const RunSummary& summary, const RecordingSink& sink) {
  ledger::Fold fold;
  for (const ledger::Event& event : sink.events) fold.add(event);
  const ledger::RunState state = std::move(fold).take();
  EXPECT_EQ(state.status, summary.status);
  std::map<std::string, Value> merged;
  for (const auto& [field, writes] : state.writes) {
    const auto word = state.start.merges.find(field);
    const auto merge =
        word == state.start.merges.end() ? ledger::FieldMerge::last_wins : *ledger::field_merge(word->second);
    if (auto value = ledger::merged(writes, merge)) merged.emplace(field, std::move(*value));
  }
  EXPECT_EQ(merged, summary.state);
  for (const auto& [id, node] : state.nodes) {
    EXPECT_TRUE(node.outcome.has_value()) << id;
    std::set<std::pair<std::optional<std::uint64_t>, std::uint32_t>> attempts;
    for (const ledger::Attempt& attempt : node.attempts) {
      EXPECT_TRUE(attempt.outcome.has_value()) << id;
      EXPECT_TRUE(attempts.emplace(attempt.index, attempt.facts.attempt).second) << id << " has an attempt twice";
    }
  }
}

Facts drive(const RandomWorkflow& workflow, std::uint32_t concurrency, unsigned seed) {
  World world;
  auto random = std::make_shared<std::mt19937>(seed);
  for (const graph::Node& node : workflow.graph.nodes)
    world.script(node.id.text) = {.report = [&](const auto& spec) { return workflow.report(spec); },
                                  .turns = [random](const auto&) { return pick(*random, 6); }};
  const auto summary = world.run(workflow.graph, concurrency);
  if (!summary) {
    ADD_FAILURE() << summary.error().to_string();
    return {};
  }
  expect_limits(workflow, world, concurrency);
  expect_same_fold(*summary, world.sink);
  return facts_of(*summary, world.sink);
}

TEST(Determinism, SameInputsGiveTheSameRunAtAnyConcurrencyAndSpeed) {
  std::size_t ran = 0, skipped = 0, failures = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    const RandomWorkflow workflow(seed);
    const Facts expected = drive(workflow, 1, 0);
    EXPECT_EQ(expected.ends.size(), workflow.graph.nodes.size()) << "every node ends exactly once";
    for (const std::uint32_t concurrency : {3u, 8u})
      for (unsigned speed = 0; speed < 3; ++speed) {
        const Facts found = drive(workflow, concurrency, 1000 * seed + speed);
        EXPECT_EQ(found.ends, expected.ends) << "seed " << seed << " at " << concurrency;
        EXPECT_EQ(found.inputs, expected.inputs) << "seed " << seed << " at " << concurrency;
        EXPECT_TRUE(found == expected) << "seed " << seed << " at " << concurrency;
      }
    ran += expected.inputs.size();
    for (const auto& [id, end] : expected.ends) {
      skipped += end.starts_with("skipped");
      failures += end.starts_with("failed");
    }
  }
  EXPECT_GT(ran, 600u);
  EXPECT_GT(skipped, 60u);
  EXPECT_GT(failures, 60u);
}

// Runs the workflow and cancels after the given number of events; false when the run was over before.
bool cancel_after(const RandomWorkflow& workflow, std::size_t events) {
  World world;
  for (const graph::Node& node : workflow.graph.nodes)
    world.script(node.id.text) = {.report = [&](const auto& spec) { return workflow.report(spec); },
                                  .turns = [](const auto&) { return 2; }};
  world.sink.on_event = [&](const ledger::RunEvent&) {
    if (world.sink.events.size() == events)
      world.loop.post([&] {
        if (world.current) world.current->cancel("now");
      });
  };
  const auto summary = world.run(workflow.graph, 3);
  EXPECT_TRUE(summary);
  if (!summary) return false;
  EXPECT_TRUE(std::holds_alternative<ledger::RunFinished>(world.sink.events.back().body));
  EXPECT_EQ(world.sink.all<ledger::RunFinished>().size(), 1u);
  EXPECT_EQ(facts_of(*summary, world.sink).ends.size(), workflow.graph.nodes.size()) << "cancelled after " << events;
  EXPECT_EQ(world.executor->in_flight(), 0u);
  expect_same_fold(*summary, world.sink);
  return summary->status == ledger::RunStatus::cancelled;
}

TEST(Determinism, CancellingAtAnyEventLeavesAProperEnd) {
  std::size_t cancelled = 0;
  for (unsigned seed = 0; seed < 15; ++seed) {
    const RandomWorkflow workflow(seed);
    for (std::size_t events = 0; cancel_after(workflow, events); ++events) ++cancelled;
  }
  EXPECT_GT(cancelled, 200u);
}

}  // namespace
}  // namespace oe::engine
