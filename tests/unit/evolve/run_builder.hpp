#pragma once

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "oe/evolve/evidence.hpp"

namespace oe::evolve::test {

/// Parses a JSON text that the test wrote.
inline Value json(std::string_view text) {
  auto value = Value::parse(text);
  EXPECT_TRUE(value) << text;
  return value ? *value : Value();
}

/// A graph, one call a node. timeout() and on_error() are about the node that was added last.
class GraphBuilder {
 public:
  GraphBuilder& field(std::string name, graph::Merge merge = graph::Merge::last_wins) {
    graph_.state.push_back({.name = std::move(name), .merge = merge});
    return *this;
  }
  GraphBuilder& tool(std::string id, std::vector<std::string> reads = {}, std::vector<std::string> writes = {}) {
    graph::Node node{.id = {id}, .reads = std::move(reads), .writes = std::move(writes)};
    node.work = graph::Tool{.impl = "./tools/" + id + ".mjs"};
    graph_.nodes.push_back(std::move(node));
    return *this;
  }
  GraphBuilder& each(std::string id, std::string source, std::uint32_t concurrency = 1,
                     std::vector<std::string> reads = {}, std::vector<std::string> writes = {}) {
    tool(std::move(id), std::move(reads), std::move(writes));
    graph::Node& node = graph_.nodes.back();
    graph::Each fan_out{.source = std::move(source), .concurrency = concurrency};
    fan_out.body->nodes.push_back(node);
    node.work = std::move(fan_out);
    return *this;
  }
  GraphBuilder& dataset(std::string id, std::string file, graph::RowFormat format, std::string writes) {
    graph::Node node{.id = {std::move(id)}, .writes = {std::move(writes)}};
    node.work = graph::Dataset{graph::FileSource{std::move(file), format}};
    graph_.nodes.push_back(std::move(node));
    return *this;
  }
  GraphBuilder& edge(std::string from, std::string to) {
    graph_.edges.push_back({.from = {std::move(from)}, .to = {std::move(to)}});
    return *this;
  }
  GraphBuilder& timeout(int ms) {
    return change([&](graph::Node& node) { node.timeout = std::chrono::milliseconds(ms); });
  }
  GraphBuilder& on_error(graph::OnError policy) {
    return change([&](graph::Node& node) { node.on_error = policy; });
  }
  GraphBuilder& phase(std::string name) {
    return change([&](graph::Node& node) { node.phase = name; });
  }
  GraphBuilder& concurrency(std::uint32_t most) {
    graph_.runtime.concurrency = most;
    return *this;
  }
  operator graph::Graph() const { return graph_; }  // NOLINT: what is built is the graph

 private:
  template <class Change>
  GraphBuilder& change(Change apply) {
    graph::Node& node = graph_.nodes.back();
    apply(node);
    if (auto* fan_out = std::get_if<graph::Each>(&node.work)) apply(fan_out->body->nodes.front());
    return *this;
  }
  graph::Graph graph_;
};

using Index = std::optional<std::uint64_t>;
inline constexpr Index kWhole = std::nullopt;  ///< the node itself, not one of its items

/// A run as its events, folded at the end: attempts follow each other, and the clock goes on by what they take.
class RunBuilder {
 public:
  explicit RunBuilder(graph::Graph graph, std::string id = "r-1") : graph_(std::move(graph)), id_{std::move(id)} {
    start_.concurrency = graph_.runtime.concurrency;
    start_.head = "c0ffee";
  }
  RunBuilder& head(std::string commit) {
    start_.head = std::move(commit);
    return *this;
  }
  RunBuilder& in_force(std::uint32_t concurrency) {
    start_.concurrency = concurrency;
    return *this;
  }

  /// How the next attempt ends as a process.
  RunBuilder& with_exit_code(int code) {
    exit_code_ = code;
    return *this;
  }
  RunBuilder& with_signal(int number) {
    signal_ = number;
    return *this;
  }
  /// The item of a pipeline or round of a loop in which what follows happens.
  RunBuilder& in_scope(std::vector<std::uint64_t> scope) {
    scope_ = std::move(scope);
    return *this;
  }

  RunBuilder& ready(const std::string& node, std::optional<std::uint64_t> items = {}) {
    const auto order = graph::topological_order(graph_);
    const auto at = std::find_if(order.begin(), order.end(), [&](auto i) { return graph_.nodes[i].id.text == node; });
    return add(ledger::NodeReady{{.node = {node}}, static_cast<std::uint64_t>(at - order.begin()), items});
  }
  /// What the next success of the node gives to a field.
  RunBuilder& gives(const std::string& field, Value value) {
    gives_.emplace_back(field, std::move(value));
    return *this;
  }
  /// `input` names what the attempt was given; equal names, equal inputs.
  RunBuilder& succeeds(const std::string& node, Index index, int ms, const std::string& input = "") {
    start(node, index, ms, input);
    for (auto& [field, value] : gives_)
      add(ledger::StateWrite{.at = place(node, index), .attempt = attempt_, .field = field, .value = value});
    gives_.clear();
    return add(ledger::NodeFinished{.at = place(node, index), .facts = facts_});
  }
  RunBuilder& fails(const std::string& node, Index index, int ms, const std::string& error,
                    const std::string& input = "", std::optional<Value> item = {}) {
    return ends_badly(node, index, ms, ledger::Outcome::failed, error, input, std::move(item));
  }
  RunBuilder& times_out(const std::string& node, Index index, int ms, const std::string& input = "") {
    return ends_badly(node, index, ms, ledger::Outcome::timed_out, "timed out", input, {});
  }
  RunBuilder& is_cancelled(const std::string& node, Index index, int ms) {
    return ends_badly(node, index, ms, ledger::Outcome::cancelled, "cancelled", "", {});
  }
  /// A failure that is tried again: the next attempt on the node follows.
  RunBuilder& fails_and_retries(const std::string& node, Index index, int ms, const std::string& error,
                                const std::string& input = "") {
    start(node, index, ms, input);
    add(ledger::NodeRetrying{.at = place(node, index), .facts = facts_, .error = error});
    ++attempt_;
    return *this;
  }
  RunBuilder& is_skipped(const std::string& node, ledger::SkipCause cause) {
    return add(ledger::NodeSkipped{.at = {.node = {node}}, .cause = cause});
  }
  /// The end of an Each as a whole.
  RunBuilder& ends(const std::string& node, ledger::Outcome outcome = ledger::Outcome::succeeded) {
    if (outcome == ledger::Outcome::succeeded) return add(ledger::NodeFinished{.at = {.node = {node}}});
    return add(ledger::NodeFailed{.at = {.node = {node}}, .outcome = outcome, .error = "items failed"});
  }
  RunBuilder& passes(int ms) {
    now_ += std::chrono::milliseconds(ms);
    return *this;
  }

  RecordedRun finish(ledger::RunStatus status = ledger::RunStatus::success) {
    add(ledger::RunFinished{status, now_, {}});
    return recorded();
  }
  RecordedRun recorded() const {
    ledger::Fold fold;
    for (const ledger::Event& event : events_) fold.add(event.number == 1 ? ledger::Event{1, id_, {}, start_} : event);
    return {graph_, std::move(fold).take()};
  }
  /// The numbers of the events of one type, for comparing with citations.
  template <class Body>
  std::vector<std::uint64_t> numbers_of() const {
    std::vector<std::uint64_t> numbers;
    for (const ledger::Event& event : events_) {
      if (std::holds_alternative<Body>(event.body)) numbers.push_back(event.number);
    }
    return numbers;
  }

 private:
  RunBuilder& add(ledger::RunEvent body) {
    if (events_.empty()) events_.push_back({1, id_, {}, start_});
    events_.push_back({events_.size() + 1, id_, time(), std::move(body)});
    return *this;
  }
  ledger::At place(const std::string& node, Index index) const {
    return {.node = {node}, .index = index, .scope = scope_};
  }
  Timestamp time() const { return Timestamp{} + std::chrono::duration_cast<std::chrono::milliseconds>(now_); }
  void start(const std::string& node, Index index, int ms, const std::string& input) {
    const std::string own = node + "#" + (index ? std::to_string(*index) : "");
    add(ledger::NodeStarted{place(node, index), attempt_, input.empty() ? own : input});
    passes(ms);
    facts_ = {.attempt = attempt_, .duration = std::chrono::milliseconds(ms), .exit_code = exit_code_, .signal = signal_};
    exit_code_.reset();
    signal_.reset();
  }
  RunBuilder& ends_badly(const std::string& node, Index index, int ms, ledger::Outcome outcome,
                         const std::string& error, const std::string& input, std::optional<Value> item) {
    start(node, index, ms, input);
    attempt_ = 1;
    return add(ledger::NodeFailed{place(node, index), facts_, outcome, error, std::move(item)});
  }

  graph::Graph graph_;
  RunId id_;
  ledger::RunStarted start_;
  std::chrono::microseconds now_{0};
  std::uint32_t attempt_ = 1;
  ledger::AttemptFacts facts_;
  std::optional<int> exit_code_;
  std::optional<int> signal_;
  std::vector<std::uint64_t> scope_;
  std::vector<std::pair<std::string, Value>> gives_;
  std::vector<ledger::Event> events_;
};

/// Files that HEAD has, with the rows of those that are datasets.
using Rows = std::map<std::string, Value>;

inline Evidence evidence_of(graph::Graph graph, std::vector<RecordedRun> runs, Rows files = {}) {
  Evidence evidence{std::move(graph), std::move(runs), {}, {}};
  evidence.rows = [files](const std::string& file, graph::RowFormat) -> std::optional<Value> {
    const auto found = files.find(file);
    return found == files.end() ? std::nullopt : std::optional(found->second);
  };
  evidence.has_file = [files](const std::string& file) { return files.contains(file); };
  return evidence;
}

/// No proposal may cite what the ledger does not have.
inline void expect_supported(const Proposal& proposal, const Evidence& evidence) {
  EXPECT_FALSE(proposal.finding.citations.empty()) << proposal.title;
  EXPECT_FALSE(proposal.title.empty());
  EXPECT_EQ(proposal.rationale.find('\n'), std::string::npos) << "the rationale is one paragraph";
  EXPECT_NE(proposal.rationale.find("could get worse"), std::string::npos) << proposal.rationale;
  for (const Citation& citation : proposal.finding.citations) {
    const auto run = std::find_if(evidence.runs.begin(), evidence.runs.end(),
                                  [&](const RecordedRun& r) { return r.state.id == citation.run; });
    ASSERT_NE(run, evidence.runs.end()) << citation.run;
    EXPECT_GE(citation.event, 1U);
    EXPECT_LE(citation.event, run->state.last_event);
  }
}

/// The one proposal that all rules together make; fails the test when there are more or less.
inline Proposal the_only(const Evidence& evidence) {
  const std::vector<Proposal> proposals = advise(evidence);
  EXPECT_EQ(proposals.size(), 1U);
  for (const Proposal& proposal : proposals) expect_supported(proposal, evidence);
  return proposals.empty() ? Proposal() : proposals.front();
}

/// The proposals of one rule.
inline std::vector<Proposal> of_rule(const Evidence& evidence, std::string_view rule) {
  std::vector<Proposal> proposals = advise(evidence);
  std::erase_if(proposals, [&](const Proposal& proposal) { return proposal.finding.rule != rule; });
  for (const Proposal& proposal : proposals) expect_supported(proposal, evidence);
  return proposals;
}

inline std::set<std::uint64_t> cited(const Proposal& proposal, std::string_view run) {
  std::set<std::uint64_t> events;
  for (const Citation& citation : proposal.finding.citations) {
    if (citation.run.text == run) events.insert(citation.event);
  }
  return events;
}

}  // namespace oe::evolve::test
