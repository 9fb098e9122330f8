#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oe/ledger/proposal_record.hpp"

namespace oe::evolve {

/// What proposals stand on: a forest with a workflow at a commit at each root.
struct Lineage {
  struct Root {
    std::string workflow;
    std::string base;                    ///< commit id
    std::vector<std::size_t> proposals;  ///< that stand on it, by their positions
    friend bool operator==(const Root&, const Root&) = default;
  };
  std::vector<ledger::ProposalRecord> proposals;  ///< oldest first
  std::vector<std::vector<std::size_t>> children;  ///< of each of them
  std::vector<Root> roots;                        ///< in the order of their oldest proposals
};

/// Total: a proposal whose parent is not there, or that would stand on itself, stands on its base.
Lineage lineage(std::vector<ledger::ProposalRecord> proposals);

/// Only that proposal, what it stands on and what stands on it; empty when it is not there.
Lineage around(const Lineage& all, const Fingerprint& proposal);

/// A line of the drawing, depth first.
struct LineageRow {
  std::size_t depth = 0;  ///< 0: a root
  std::size_t position = 0;  ///< among the roots, or among the proposals
  friend bool operator==(const LineageRow&, const LineageRow&) = default;
};
std::vector<LineageRow> rows(const Lineage& lineage);

/// What its contest showed, short: "better (9 pairs, 8 wins, 1 loss of success)"; empty without one.
std::string outcome_text(const ledger::ContestOutcome& outcome);

/// A graph in the DOT language (graphviz.org/doc/info/lang.html): every id and label is a quoted string. Without a
/// line break at its end.
std::string to_dot(const Lineage& lineage);

}  // namespace oe::evolve
