#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <set>

#include "oe/base/text.hpp"
#include "oe/base/time.hpp"

#include "evolve/failure_class.hpp"
#include "evolve/retry_policy.hpp"
#include "evolve/rule.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

using std::chrono::microseconds;

// A class is permanent when so many first tries and all their retries failed in it alone, in so many runs, and no retry
// ever healed it.
constexpr std::size_t kFewestLost = 3;
constexpr std::size_t kFewestLostRuns = 2;
// So many failures that a retry healed show that retrying as such is worth it.
constexpr std::size_t kFewestHealed = 2;
// Where no retry ever healed anything: retries are given up only after this many, in this many runs.
constexpr std::size_t kHopelessLost = 4;
constexpr std::size_t kHopelessRuns = 3;
// High: this many lost for good and this many healed.
constexpr std::size_t kHighLost = 6;
constexpr std::size_t kHighHealed = 3;
// What the retries that could not help take of a node's time in a run, at least.
constexpr double kShareWasted = 0.25;
constexpr microseconds kLeastWasted{50'000};

/// What retries of one node did.
struct RetryRecord {
  std::map<FailureClass, std::size_t> healed;       ///< failures that a later try of the same input made good
  std::map<FailureClass, std::vector<Tries>> lost;  ///< all tries failed, each in this class
  std::set<FailureClass> mixed;                     ///< all tries failed, in several classes
  std::size_t first_tries = 0;                      ///< that succeeded at once

  std::size_t healed_failures() const {
    std::size_t sum = 0;
    for (const auto& [failure, count] : healed) sum += count;
    return sum;
  }
};

void take(const Tries& own, std::uint32_t attempts, RetryRecord& record) {
  if (own.back().ended_as(ledger::Outcome::succeeded)) {
    record.first_tries += own.size() == 1 ? 1U : 0U;
    for (const Seen& seen : std::span(own).first(own.size() - 1)) ++record.healed[class_of(*seen.attempt)];
    return;
  }
  if (own.size() < attempts) return;  // cut off
  std::set<FailureClass> classes;
  for (const Seen& seen : own) classes.insert(class_of(*seen.attempt));
  if (classes.size() == 1)
    record.lost[*classes.begin()].push_back(own);
  else
    record.mixed.merge(classes);
}

RetryRecord retry_record(std::span<const Sighting> sightings, std::uint32_t attempts) {
  RetryRecord record;
  for (const Sighting& sighting : sightings) {
    for (const Tries& own : tries(sighting)) take(own, attempts, record);
  }
  return record;
}

/// Tries that no retry could help.
struct Futile {
  std::vector<Seen> last;  ///< the last attempt of each
  std::set<FailureClass> classes;
  std::vector<Sighting> runs;  ///< in which there were some, oldest first
  std::size_t retries = 0;
};

void add(const std::vector<Tries>& lost, Futile& futile) {
  for (const Tries& own : lost) {
    futile.last.push_back(own.back());
    futile.retries += own.size() - 1;
    const auto is_known = [&](const Sighting& run) { return run.position == own.back().in.position; };
    if (std::ranges::none_of(futile.runs, is_known)) futile.runs.push_back(own.back().in);
  }
}

Futile futile_tries(const RetryRecord& record) {
  Futile futile;
  for (const auto& [failure, lost] : record.lost) {
    if (record.healed.contains(failure) || record.mixed.contains(failure) || lost.size() < kFewestLost) continue;
    futile.classes.insert(failure);
    add(lost, futile);
  }
  std::ranges::sort(futile.runs, {}, &Sighting::position);
  return futile;
}

// Only what retries have healed, and what was seen only beside other failures, is tried again. Nothing when retry_on
// has no word for it.
std::optional<graph::RetryOn> worth_retrying(const RetryRecord& record) {
  std::set<FailureClass> kept = record.mixed;
  for (const auto& [failure, count] : record.healed) kept.insert(failure);
  graph::RetryOn on;
  for (const FailureClass& failure : kept) {
    if (failure.kind == FailureClass::Kind::other) return std::nullopt;
    if (failure.kind == FailureClass::Kind::timeout) on.timeout = true;
    if (failure.kind == FailureClass::Kind::signal) on.signal = true;
    if (failure.kind == FailureClass::Kind::exit_code) on.exit_codes.push_back(failure.number);
  }
  return on;
}

// From the end of the first try to the end of the last one: pauses and retries.
microseconds wasted_in(const Sighting& run, const Futile& futile) {
  microseconds sum{0};
  for (const Tries& own : tries(run)) {
    const auto is_lost = [&](const Seen& seen) { return seen.attempt == own.back().attempt; };
    if (std::ranges::none_of(futile.last, is_lost)) continue;
    const auto from_first_start = own.back().attempt->started_at - own.front().attempt->started_at;
    sum += std::chrono::duration_cast<microseconds>(from_first_start) - own.front().attempt->facts.duration +
           own.back().attempt->facts.duration;
  }
  return sum;
}

microseconds shortest_wall(const Futile& futile) {
  microseconds shortest = microseconds::max();
  for (const Sighting& run : futile.runs) shortest = std::min(shortest, wall_of(run));
  return shortest;
}

bool is_worth_it(const Futile& futile) {
  return std::ranges::all_of(futile.runs, [&](const Sighting& run) {
    const microseconds wasted = wasted_in(run, futile), wall = wall_of(run);
    return wasted >= kLeastWasted &&
           static_cast<double>(wasted.count()) >= kShareWasted * static_cast<double>(wall.count());
  });
}

std::string classes_of(const std::set<FailureClass>& classes) {
  std::vector<std::string> words;
  for (const FailureClass& failure : classes) words.push_back(describe(failure));
  return first_line(join(words, ", "));
}

Proposal fewer_retries(const graph::Node& node, const Futile& futile, const graph::OnError& wanted,
                       const std::string& healed) {
  const graph::OnError& now = graph::leaf(node).on_error;
  const bool gives_up = wanted.policy != graph::ErrorPolicy::retry;
  const microseconds wasted = wasted_in(futile.runs.back(), futile);
  Proposal proposal;
  proposal.operation = TuneParam{{node.id, "on_error", on_error_value(wanted)}, on_error_value(now)};
  proposal.finding = {"retry-classes", node.id,
                      fmt::format("{} retries of {} after {} helped in none of {}; {}", futile.retries, node.id.text,
                                  classes_of(futile.classes), count_of(futile.last.size(), "case"), healed),
                      cite(futile.last)};
  proposal.title = gives_up ? fmt::format("Do not try {} again", node.id.text)
                            : fmt::format("Try {} again only after failures that a retry can heal", node.id.text);
  proposal.rationale = fmt::format(
      "`{}` tries everything up to {} times. After {} that never helped: {} in {} ended as they began, and took {} of "
      "the newest of these runs with their pauses. On the other hand {}. {} What could get worse: a failure that "
      "is not lasting after all, but looks like one of these, ends the node at once.",
      node.id.text, now.attempts, classes_of(futile.classes), count_of(futile.last.size(), "case"),
      count_of(futile.runs.size(), "run"), human_duration(wasted), healed,
      gives_up ? "Without retries it ends the same way, sooner."
               : "Only failures that retries have healed are tried again.");
  proposal.expectation = {Expectation::Kind::shorter_wall_time, node.id,
                          static_cast<std::uint64_t>(shortest_wall(futile).count())};
  return proposal;
}

std::optional<Proposal> sorted_retries(const graph::Node& node, const RetryRecord& record, const Futile& futile) {
  if (record.healed_failures() < kFewestHealed || futile.runs.size() < kFewestLostRuns) return std::nullopt;
  const auto on = worth_retrying(record);
  if (!on) return std::nullopt;
  graph::OnError wanted = graph::leaf(node).on_error;
  wanted.retry_on = *on;
  std::set<FailureClass> healed;
  for (const auto& [failure, count] : record.healed) healed.insert(failure);
  Proposal proposal = fewer_retries(
      node, futile, wanted,
      fmt::format("retries healed {} ({})", count_of(record.healed_failures(), "failure"), classes_of(healed)));
  const bool is_high = futile.last.size() >= kHighLost && record.healed_failures() >= kHighHealed;
  proposal.confidence = is_high ? Confidence::high : Confidence::medium;
  return proposal;
}

std::optional<Proposal> no_retries(const graph::Node& node, const RetryRecord& record, const Futile& futile) {
  const bool is_hopeless = record.healed.empty() && record.mixed.empty() && futile.classes.size() == 1 &&
                           record.lost.size() == 1 && futile.last.size() >= kHopelessLost &&
                           futile.runs.size() >= kHopelessRuns;
  // A timeout says nothing about the next try, and neither does a service that is busy.
  const bool may_pass = futile.classes.contains({FailureClass::Kind::timeout, 0, {}}) ||
                        std::ranges::any_of(futile.last, [](const Seen& s) { return was_rate_limited(*s.attempt); });
  if (!is_hopeless || may_pass) return std::nullopt;
  graph::OnError wanted;
  wanted.policy = graph::leaf(node).on_error.then_fail_run ? graph::ErrorPolicy::fail_run : graph::ErrorPolicy::skip;
  Proposal proposal = fewer_retries(node, futile, wanted, "no retry of it has healed anything so far");
  proposal.confidence = Confidence::medium;
  return proposal;
}

}  // namespace

std::vector<Proposal> find_futile_retries(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node* const node : all_nodes(evidence.graph)) {
    const graph::OnError& now = graph::leaf(*node).on_error;
    if (now.policy != graph::ErrorPolicy::retry || now.attempts < 2 || !now.retry_on.everything()) continue;
    const RetryRecord record = retry_record(sightings(evidence, *node), now.attempts);
    const Futile futile = futile_tries(record);
    if (futile.last.empty() || !is_worth_it(futile)) continue;
    auto proposal = record.healed.empty() ? no_retries(*node, record, futile) : sorted_retries(*node, record, futile);
    if (proposal) proposals.push_back(std::move(*proposal));
  }
  return proposals;
}

}  // namespace oe::evolve
