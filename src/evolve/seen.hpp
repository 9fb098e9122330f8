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

/// The runs in which a node was what it is in evidence.graph and had at least one attempt, oldest first.
std::vector<Sighting> sightings(const Evidence& evidence, const graph::Node& node);

/// The attempts in the order of runs and of their start. Cancelled ones and those that still run say nothing
/// about the node and are left out.
std::vector<Seen> attempts(std::span<const Sighting> sightings);
std::vector<Seen> attempts_ended_as(std::span<const Sighting> sightings, ledger::Outcome outcome);

/// The last attempt of each item (or of the node) that failed or timed out: no retry healed it.
std::vector<const ledger::Attempt*> unhealed(const ledger::NodeState& node);

/// The event in which the attempt ended.
Citation cite(const Seen& seen);
/// At most kMostCitations, the first ones: a reader follows a few, not thousands.
std::vector<Citation> cite(std::span<const Seen> seen);
inline constexpr std::size_t kMostCitations = 24;

/// The number of different runs.
std::size_t count_runs(std::span<const Seen> seen);

/// That `node` succeeds, or, where the newest run that the change should cure also has failures of another
/// kind, that it fails on fewer items.
Expectation expect_cure(const NodeId& node, std::span<const Sighting> sightings,
                        const std::function<bool(const ledger::Attempt&)>& cured);

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
