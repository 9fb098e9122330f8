#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/evolve/proposal.hpp"
#include "oe/ledger/run_state.hpp"

namespace oe::evolve {

/// One recorded run: the graph as it was then, and what happened.
struct RecordedRun {
  graph::Graph graph;
  ledger::RunState state;
};

/// What advisors look at. All runs are of the same workflow file; `graph` is that of HEAD, which proposals
/// will change. Runs of other content count for a node only when that node is equal in both graphs.
struct Evidence {
  graph::Graph graph;
  std::vector<RecordedRun> runs;  ///< oldest first
  /// The rows of a dataset file of HEAD, or nothing; for telling whether a case is already there.
  std::function<std::optional<Value>(const std::string& file, graph::RowFormat format)> rows;
  /// Whether HEAD has a file, relative to the workflow's directory.
  std::function<bool(const std::string& file)> has_file;
};

/// The list that an Each ran over in a run, from the recorded writes; nothing when it cannot be told (the node
/// never got ready, the source is no list, or its length is not the recorded one).
std::optional<Value> items_of(const RecordedRun& run, const NodeId& each);

/// A rule of the advisor: looks at the evidence for one kind of weakness. Pure.
struct Rule {
  std::string_view name;
  std::string_view finds;  ///< one line for `oe evolve --help` and the docs
  std::vector<Proposal> (*propose)(const Evidence& evidence);
};

/// The table of rules. Adding one: src/evolve/rule_<name>.cpp with its function, a line in rule.hpp, a row in
/// rules(), a section in docs/rules.md.
const std::vector<Rule>& rules();

/// All proposals of all rules, best first (confidence, then number of citations, then the order of the
/// table), at most one for each node and parameter.
std::vector<Proposal> advise(const Evidence& evidence);

}  // namespace oe::evolve
