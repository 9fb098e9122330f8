#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <map>

#include "evolve/retry_policy.hpp"
#include "evolve/rule.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

// So many attempts that all of them fail in at most one case of a hundred, within these bounds.
constexpr double kAllFail = 0.01;
constexpr std::uint32_t kFewestAttempts = 2;
constexpr std::uint32_t kMostAttempts = 4;
// The first pause of a retry that the workflow does not have yet. Not derived from durations: a value that varies from
// run to run would be a new proposal each time.
constexpr std::int64_t kFirstPauseMs = 200;
// High: this many failures that a later success on the same input refutes. Medium: one. Low: all failures came before
// all successes, so that a mended tool explains them as well.
constexpr std::size_t kHighRecoveries = 3;

/// A failure that no retry healed, and the success that followed on the same input.
struct Recovery {
  Seen failure;
  Seen success;
};

/// What the inputs tell on which the node ever succeeded. An input that always fails is no flake.
struct Flakes {
  std::vector<Recovery> recoveries;
  std::size_t failed = 0;
  std::size_t tried = 0;
  std::size_t last_failure = 0;          ///< position of its run
  std::size_t first_success = SIZE_MAX;  ///< position of its run, over inputs that also failed
  bool has_one_head = true;              ///< all these attempts ran at the same commit

  bool mended_meanwhile() const { return last_failure < first_success; }
};

bool failed_for_good(const Seen& seen) {
  const std::vector<const ledger::Attempt*> failures = unhealed(*seen.in.node);
  return std::find(failures.begin(), failures.end(), seen.attempt) != failures.end();
}

// `tries` are all attempts on one input, oldest first; at least one succeeded and one failed.
void add_recoveries(const std::vector<Seen>& tries, Flakes& flakes) {
  const std::string& head = tries.front().in.run->state.start.head;
  for (auto seen = tries.begin(); seen != tries.end(); ++seen) {
    flakes.has_one_head = flakes.has_one_head && seen->in.run->state.start.head == head;
    if (seen->ended_as(ledger::Outcome::succeeded)) {
      flakes.first_success = std::min(flakes.first_success, seen->in.position);
      continue;
    }
    flakes.last_failure = std::max(flakes.last_failure, seen->in.position);
    const auto later =
        std::find_if(seen, tries.end(), [](const Seen& s) { return s.ended_as(ledger::Outcome::succeeded); });
    if (later != tries.end() && failed_for_good(*seen)) flakes.recoveries.push_back({*seen, *later});
  }
}

Flakes flakes_of(std::span<const Sighting> seen) {
  std::map<std::string, std::vector<Seen>> by_input;
  for (const Seen& one : attempts(seen)) {
    const bool counts = !one.ended_as(ledger::Outcome::timed_out) && !one.attempt->input_digest.empty();
    if (counts) by_input[one.attempt->input_digest].push_back(one);
  }
  Flakes flakes;
  for (const auto& [digest, tries] : by_input) {
    const auto failures = static_cast<std::size_t>(
        std::count_if(tries.begin(), tries.end(), [](const Seen& s) { return s.ended_as(ledger::Outcome::failed); }));
    if (failures == tries.size()) continue;
    flakes.failed += failures;
    flakes.tried += tries.size();
    if (failures > 0) add_recoveries(tries, flakes);
  }
  return flakes;
}

double failure_rate(const Flakes& flakes) {
  return static_cast<double>(flakes.failed) / static_cast<double>(flakes.tried);
}

// More than the node has now; nothing when more would be no cure.
std::optional<std::uint32_t> attempts_needed(const Flakes& flakes, const graph::OnError& now) {
  const double needed = std::ceil(std::log(kAllFail) / std::log(failure_rate(flakes)) - 1e-9);
  const std::uint32_t has = now.policy == graph::ErrorPolicy::retry ? now.attempts : 1;
  if (has >= kMostAttempts) return std::nullopt;
  const auto wanted = static_cast<std::uint32_t>(std::clamp(needed, double{kFewestAttempts}, double{kMostAttempts}));
  return std::max(wanted, has + 1);
}

graph::OnError retry_policy(const graph::OnError& now, std::uint32_t attempts) {
  if (now.policy != graph::ErrorPolicy::retry)
    return {graph::ErrorPolicy::retry, attempts, graph::Backoff::exponential, std::chrono::milliseconds(kFirstPauseMs)};
  graph::OnError more = now;
  more.attempts = attempts;
  return more;
}

Confidence flake_confidence(const Flakes& flakes) {
  if (flakes.mended_meanwhile()) return Confidence::low;
  return flakes.recoveries.size() >= kHighRecoveries ? Confidence::high : Confidence::medium;
}

Finding flaky_finding(const NodeId& node, const Flakes& flakes) {
  Finding finding{"flaky",
                  node,
                  fmt::format("{} failed and later succeeded on the same input {}; {} of {} attempts failed on inputs "
                              "that can succeed",
                              node.text, count_of(flakes.recoveries.size(), "time"), flakes.failed, flakes.tried),
                  {}};
  for (const Recovery& recovery : flakes.recoveries) {
    if (finding.citations.size() + 2 > kMostCitations) break;
    for (const Seen& seen : {recovery.failure, recovery.success}) {
      const bool known =
          std::find(finding.citations.begin(), finding.citations.end(), cite(seen)) != finding.citations.end();
      if (!known) finding.citations.push_back(cite(seen));
    }
  }
  return finding;
}

Proposal retry_more(const NodeId& node, const Flakes& flakes, const graph::OnError& now, std::uint32_t attempts) {
  const Recovery& newest = flakes.recoveries.back();
  Proposal proposal;
  proposal.operation = TuneParam{{node, "on_error", on_error_value(retry_policy(now, attempts))}, on_error_value(now)};
  proposal.finding = flaky_finding(node, flakes);
  proposal.title = fmt::format("Let {} try up to {} times", node.text, attempts);
  proposal.rationale = fmt::format(
      "`{}` failed for good and later succeeded on the very same input {} (last: \"{}\" in run {}, then a success in "
      "run "
      "{}). On inputs that can succeed, {} of {} attempts failed ({:.0f} %), so {} attempts all fail in about {:.2g} % "
      "of cases. After the last attempt the node ends as it does now.{} What could get worse: a failure that is final "
      "takes longer to show, and a tool that changes something outside before it fails does it again.",
      node.text, count_of(flakes.recoveries.size(), "time"), first_line(newest.failure.attempt->error),
      newest.failure.in.run->state.id.text, newest.success.in.run->state.id.text, flakes.failed, flakes.tried,
      100 * failure_rate(flakes), attempts, 100 * std::pow(failure_rate(flakes), attempts),
      flakes.mended_meanwhile()
          ? " All failures came before all successes: if the tool was mended in between, reject this."
          : "");
  proposal.confidence = flake_confidence(flakes);
  return proposal;
}

std::optional<Proposal> find_flaky(const Evidence& evidence, const graph::Node& node) {
  const graph::OnError& now = graph::leaf(node).on_error;
  // A retry that is used up ends like skip: it would take fail_run away, which is not this rule's business.
  if (now.policy == graph::ErrorPolicy::fail_run) return std::nullopt;
  const std::vector<Sighting> seen = sightings(evidence, node);
  const Flakes flakes = flakes_of(seen);
  if (flakes.recoveries.empty()) return std::nullopt;
  if (flakes.mended_meanwhile() && !flakes.has_one_head) return std::nullopt;
  const auto attempts = attempts_needed(flakes, now);
  if (!attempts) return std::nullopt;

  const auto is_flake = [&](const ledger::Attempt& attempt) {
    const auto same = [&](const Recovery& r) { return r.failure.attempt->input_digest == attempt.input_digest; };
    return attempt.outcome == ledger::Outcome::failed &&
           std::any_of(flakes.recoveries.begin(), flakes.recoveries.end(), same);
  };
  Proposal proposal = retry_more(node.id, flakes, now, *attempts);
  proposal.expectation = expect_cure(node.id, seen, is_flake);
  return proposal;
}

}  // namespace

std::vector<Proposal> find_flaky_nodes(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node* const node : all_nodes(evidence.graph)) {
    if (auto proposal = find_flaky(evidence, *node)) proposals.push_back(std::move(*proposal));
  }
  return proposals;
}

}  // namespace oe::evolve
