#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "oe/evolve/gate_tally.hpp"
#include "oe/formats/edit.hpp"
#include "oe/git/repository.hpp"
#include "oe/graph/graph.hpp"
#include "oe/ledger/event.hpp"

namespace oe::evolve {

/// An event that a claim rests on.
struct Citation {
  RunId run;
  std::uint64_t event = 0;
  friend bool operator==(const Citation&, const Citation&) = default;
};

/// One claim of what the ledger shows. Never without citations.
struct Finding {
  std::string rule;   ///< e.g. "timeout-too-short"
  NodeId node;        ///< empty: the whole run
  std::string claim;  ///< one sentence with the figures
  std::vector<Citation> citations;
  friend bool operator==(const Finding&, const Finding&) = default;
};

enum class Confidence { low, medium, high };
std::string_view to_string(Confidence confidence);

/// Exactly one parameter gets another value.
struct TuneParam {
  formats::SetParameter set;
  Value from;  ///< what is in force now, written or by default; for people
  friend bool operator==(const TuneParam&, const TuneParam&) = default;
};
/// Exactly one node more, its edges, fields that it is the first to write, and the files that it needs (paths relative
/// to the workflow's directory).
struct AddNode {
  formats::InsertNode insert;
  std::vector<git::FileChange> files;
  friend bool operator==(const AddNode&, const AddNode&) = default;
};
/// Exactly one row more in a dataset file (relative to the workflow's directory), which is made when it is
/// missing.
struct AddDatasetCase {
  NodeId node;  ///< that the case breaks
  std::string file;
  graph::RowFormat format = graph::RowFormat::jsonl;
  Value row;
  Value item;               ///< the item inside the row that breaks the node; the row itself, or one member of it
  bool is_wrapped = false;  ///< the row is {"item": <item>, "error": ...} in a file that no node loads
  std::string error;        ///< how the node failed on it
  friend bool operator==(const AddDatasetCase&, const AddDatasetCase&) = default;
};
/// Exactly one earlier proposal taken back, line by line, because runs since show that its gain did not come.
struct Revert {
  Fingerprint proposal;
  git::Oid commit;         ///< since which the history has it
  std::string target;      ///< target_name() of its operation
  std::string diff;        ///< the change as it was proven
  Metric metric;           ///< that was to become better
  double promised = 0;     ///< the gain in it, as Comparison::gain
  std::vector<Pair> runs;  ///< before it and since, a value of that metric each
  friend bool operator==(const Revert&, const Revert&) = default;
};
using Operation = std::variant<TuneParam, AddNode, AddDatasetCase, Revert>;

std::string_view operation_name(const Operation& operation);  ///< "tune-param", "add-node", ..., "revert"
/// The node or file that the operation is about ("runtime" for a parameter of the run), fit to be one part of a
/// branch name: letters, digits, '.', '_' and '-' only, as `git check-ref-format` wants it.
std::string target_name(const Operation& operation);
/// For the ledger and for --json: "operation" and the members of the struct by their names.
Value to_value(const Operation& operation);

/// What the trial must show before the proposal is believed: the finding is gone or better.
struct Expectation {
  enum class Kind {
    node_succeeds,       ///< `node` ends without a failed, timed out or skipped item
    fewer_failed_items,  ///< `node` fails on fewer than `before` items
    shorter_wall_time,   ///< from ready to end, `node` (empty: the run) takes at most 0.8 of `before`
                         ///< microseconds, and nothing fails that did not
    case_reproduces,     ///< the added case makes `node` fail as it did
    no_worse,            ///< nothing fails that did not, and `node` (empty: none) succeeds; a fan-out, where `before`
                         ///< is not 0, gets more items than that and fails on no more of them than it did
  };
  Kind kind = Kind::node_succeeds;
  NodeId node;
  std::uint64_t before = 0;
  friend bool operator==(const Expectation&, const Expectation&) = default;
};

/// A typed operation with its reason. The diff comes later, from the tree that it is applied to.
struct Proposal {
  Operation operation;
  Finding finding;
  std::string title;
  std::string rationale;  ///< one paragraph for the reviewer: figures, cause, effect, what could get worse
  Confidence confidence = Confidence::low;
  Expectation expectation;
  friend bool operator==(const Proposal&, const Proposal&) = default;
};

/// SHA-256 of what the change means: operation, workflow file, place, normalised value. Not of its text,
/// title, base or evidence: keys in another order, 600.0 for 600, comments and indentation of a new tool file and
/// the wording of a recorded error do not count.
Fingerprint fingerprint(const Proposal& proposal, std::string_view workflow);

/// What proposals about one thing share, whatever value they give it: the parameter of a node, the id of a new node, the
/// file and the way in which a node fails on a case (without a failure: the case). `change` is to_value() of the
/// operation, as the ledger has it too.
std::string family(const Value& change, std::string_view workflow);

}  // namespace oe::evolve
