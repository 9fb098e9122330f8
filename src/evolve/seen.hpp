#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "oe/evolve/evidence.hpp"

namespace oe::evolve {

// What the rules share: looking up a node in the recorded runs. All pointers are borrowed from the Evidence.

/// A node in one recorded run.
struct Sighting {
  std::size_t position = 0;  ///< of the run in Evidence::runs
  const RecordedRun* run = nullptr;
  const ledger::NodeState* node = nullptr;
};

/// An attempt that ended by its own doing: succeeded, failed or timed out.
struct Seen {
  Sighting in;
  const ledger::Attempt* attempt = nullptr;

  bool ended_as(ledger::Outcome outcome) const { return attempt->outcome == outcome; }
};

/// The nodes of a graph and of the pipelines and loops in it, in the order of the file as far as it has one. Those of
/// experience nodes are left out: they stand in another file, which no proposal for this one may touch.
std::vector<const graph::Node*> all_nodes(const graph::Graph& graph);
/// Among all_nodes(); nullptr when there is none of that name.
const graph::Node* find_anywhere(const graph::Graph& graph, const NodeId& id);

/// The runs in which a node was what it is in evidence.graph and had at least one attempt, oldest first.
std::vector<Sighting> sightings(const Evidence& evidence, const graph::Node& node);

/// Those of a for_each in which no more items failed than `max_failed` lets fail are left out: that is meant to be.
std::vector<Sighting> without_tolerated(std::vector<Sighting> sightings);

/// The attempts in the order of runs and of their start. Cancelled ones and those that still run say nothing
/// about the node and are left out.
std::vector<Seen> attempts(std::span<const Sighting> sightings);
std::vector<Seen> attempts_ended_as(std::span<const Sighting> sightings, ledger::Outcome outcome);

/// The attempts on one item (or on the node) in one run, in the order of their start: a first try and its retries.
using Tries = std::vector<Seen>;
/// Of attempts that ended by their own doing.
std::vector<Tries> tries(const Sighting& sighting);

/// The last attempt of each item (or of the node) that failed or timed out: no retry healed it.
std::vector<const ledger::Attempt*> unhealed(const ledger::NodeState& node);

/// From ready to the end of the node as a whole; the longest there is when it never ended.
std::chrono::microseconds wall_of(const Sighting& sighting);

/// The event in which the attempt ended.
Citation cite(const Seen& seen);
/// At most kMostCitations, the first ones: a reader follows a few, not thousands.
std::vector<Citation> cite(std::span<const Seen> seen);
inline constexpr std::size_t kMostCitations = 24;

/// The number of different runs.
std::size_t count_runs(std::span<const Seen> seen);

/// That `node` succeeds, or, where the newest run that the change should cure also has failures of another
/// kind, that it fails on fewer items. In a pipeline or loop items cannot be counted: there it has to succeed.
Expectation expect_cure(const NodeId& node, std::span<const Sighting> sightings,
                        const std::function<bool(const ledger::Attempt&)>& cured);

/// Whether a service sent the attempt away because it was asked too often, going by what the attempt said.
bool was_rate_limited(const ledger::Attempt& attempt);

/// The text with absolute paths of files cut down to their names: where a checkout or a trial's worktree lies is no
/// part of what went wrong, and must not be committed. Other paths stay ("/items/3" may be a JSON pointer).
std::string without_folders(std::string_view text);

/// The first line of an error for a sentence: short, without control characters, backticks and folders.
std::string first_line(std::string_view error);

/// "1 item", "3 items".
std::string count_of(std::size_t number, std::string_view noun);

/// One less than or equal to `whole`, in percent, rounded.
int percent(std::chrono::microseconds part, std::chrono::microseconds whole);

}  // namespace oe::evolve
