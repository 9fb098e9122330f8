#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/base/time.hpp"

#include "evolve/rule.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

using std::chrono::microseconds;

// Every input that came again must have given the same, in at least so many runs.
constexpr std::size_t kFewestRepeatRuns = 3;
// A node that was only ever given one input has not shown that its output goes by the input: more runs then.
constexpr std::size_t kRunsOfOneInput = 5;
// High: this many inputs that gave different outputs came again.
constexpr std::size_t kHighInputs = 3;
// What the repeated work takes of a run, at least.
constexpr double kShareRepeated = 0.3;
constexpr microseconds kLeastRepeated{100'000};

/// What one input has given.
struct InputRecord {
  std::vector<Seen> seen;
  std::string output;
};

/// What all inputs of a node have given.
struct Repetition {
  std::map<std::string, InputRecord> by_input;
  bool has_differed = false;  ///< or failed, or was not told
};

// Only code that is run here: what a model or a service answers is their business, and rows may change at any time.
bool may_be_cached(const graph::Graph& graph, const graph::Node& node) {
  const graph::Node& leaf = graph::leaf(node);
  const bool is_code =
      std::holds_alternative<graph::Tool>(leaf.work) || std::holds_alternative<graph::Command>(leaf.work);
  const bool is_told = leaf.cache || graph.runtime.cache;
  const bool reaches_out =
      !leaf.secrets.empty() || (leaf.sandbox && (leaf.sandbox->network || !leaf.sandbox->write.empty()));
  return is_code && !is_told && !reaches_out && !leaf.writes.empty();
}

// What the node gave at each index in one run.
std::map<std::optional<std::uint64_t>, std::string> outputs_of(const Sighting& sighting, const graph::Node& node) {
  std::map<std::optional<std::uint64_t>, std::string> outputs;
  for (const std::string& field : node.writes) {
    const auto writes = sighting.run->state.writes.find(field);
    if (writes == sighting.run->state.writes.end()) continue;
    for (const ledger::Write& write : writes->second) {
      if (write.node == node.id) outputs[write.index] += field + "=" + write.value.dump() + ";";
    }
  }
  return outputs;
}

void take(const Seen& seen, const std::string& output, Repetition& repetition) {
  InputRecord& record = repetition.by_input[seen.attempt->input_digest];
  const bool is_plain = seen.ended_as(ledger::Outcome::succeeded) && !seen.attempt->cache_hit &&
                        !seen.attempt->input_digest.empty() && !output.empty();
  const bool is_same = record.seen.empty() || record.output == output;
  repetition.has_differed = repetition.has_differed || !is_plain || !is_same;
  record.output = output;
  record.seen.push_back(seen);
}

Repetition repetition_of(std::span<const Sighting> sightings, const graph::Node& node) {
  Repetition repetition;
  for (const Sighting& sighting : sightings) {
    const auto outputs = outputs_of(sighting, node);
    for (const Seen& seen : attempts(std::span(&sighting, 1))) {
      const auto output = outputs.find(seen.attempt->index);
      take(seen, output == outputs.end() ? "" : output->second, repetition);
    }
  }
  std::erase_if(repetition.by_input,
                [](const auto& entry) { return count_runs(entry.second.seen) < kFewestRepeatRuns; });
  return repetition;
}

std::size_t different_outputs(const Repetition& repetition) {
  std::set<std::string> outputs;
  for (const auto& [input, record] : repetition.by_input) outputs.insert(record.output);
  return outputs.size();
}

/// What was done again although its result was known, run by run.
struct Again {
  std::vector<Seen> seen;
  std::map<std::size_t, microseconds> by_run;

  microseconds newest() const { return by_run.rbegin()->second; }
};

Again work_done_again(const Repetition& repetition) {
  Again again;
  for (const auto& [input, record] : repetition.by_input) {
    for (const Seen& seen : std::span(record.seen).subspan(1)) {
      again.seen.push_back(seen);
      again.by_run[seen.in.position] += seen.attempt->facts.duration;
    }
  }
  std::ranges::sort(again.seen, {}, [](const Seen& s) { return std::pair(s.in.position, s.attempt->started); });
  return again;
}

// Each of the runs, not their mean: what takes long only now and then would not be faster in a trial.
bool is_worth_it(const Again& again, const Evidence& evidence) {
  return std::ranges::all_of(again.by_run, [&](const auto& entry) {
    const double share = kShareRepeated * static_cast<double>(evidence.runs[entry.first].state.duration.count());
    return entry.second >= kLeastRepeated && static_cast<double>(entry.second.count()) >= share;
  });
}

std::optional<Confidence> cache_confidence(const Repetition& repetition) {
  const std::size_t outputs = different_outputs(repetition);
  if (outputs >= 2) return outputs >= kHighInputs ? Confidence::high : Confidence::medium;
  const bool is_one = repetition.by_input.size() == 1;
  if (!is_one || count_runs(repetition.by_input.begin()->second.seen) < kRunsOfOneInput) return std::nullopt;
  return Confidence::low;
}

microseconds shortest_wall(const Again& again) {
  microseconds shortest = microseconds::max();
  for (const Seen& seen : again.seen) shortest = std::min(shortest, wall_of(seen.in));
  return shortest;
}

Proposal keep_results(const NodeId& node, const Repetition& repetition, const Again& again, Confidence confidence) {
  const std::size_t inputs = repetition.by_input.size(), outputs = different_outputs(repetition);
  Proposal proposal;
  proposal.operation = TuneParam{{node, "cache", Value(nlohmann::json(true))}, Value(nlohmann::json(false))};
  proposal.finding = {"cache", node,
                      fmt::format("{} did the same work again {}: {} in {}, always with the same result", node.text,
                                  count_of(again.seen.size(), "time"), count_of(inputs, "input"),
                                  count_of(count_runs(again.seen) + 1, "run")),
                      cite(again.seen)};
  proposal.title = fmt::format("Keep the results of {} for equal inputs", node.text);
  proposal.rationale = fmt::format(
      "`{0}` was given {1} again in later runs, {2} in all, and no result ever differed ({3}); that took {4} of the "
      "newest run. With `cache: true` a result is taken over as long as the node, its input, its tool and the files "
      "that "
      "it names are the same. What could get worse: what else it reads (the clock, the network, files that it finds by "
      "itself) or does outside is not seen here; if that matters, reject this.",
      node.text, count_of(inputs, "input"), count_of(again.seen.size(), "time"),
      outputs >= 2 ? fmt::format("{} different ones for different inputs", outputs)
                   : std::string("there was only one input so far, which does not show that the result goes by it"),
      human_duration(again.newest()));
  proposal.confidence = confidence;
  proposal.expectation = {Expectation::Kind::shorter_wall_time, node,
                          static_cast<std::uint64_t>(shortest_wall(again).count())};
  return proposal;
}

}  // namespace

std::vector<Proposal> find_repeated_work(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node& node : evidence.graph.nodes) {
    if (!may_be_cached(evidence.graph, node)) continue;
    const std::vector<Sighting> seen = sightings(evidence, node);
    const Repetition repetition = repetition_of(seen, node);
    if (repetition.has_differed || repetition.by_input.empty()) continue;
    const Again again = work_done_again(repetition);
    const auto confidence = cache_confidence(repetition);
    if (!confidence || !is_worth_it(again, evidence)) continue;
    proposals.push_back(keep_results(node.id, repetition, again, *confidence));
  }
  return proposals;
}

}  // namespace oe::evolve
