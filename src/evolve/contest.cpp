#include "evolve/contest.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "evolve/kept_nodes.hpp"
#include "evolve/needed_paths.hpp"
#include "evolve/seen.hpp"
#include "evolve/signature.hpp"

namespace oe::evolve {

namespace {

using ledger::Outcome;
using ledger::RunState;

constexpr std::size_t kMostCited = 8;
constexpr std::size_t kMostOthers = 4;
/// Every so many pairs one is of a case that the finding is not about.
constexpr std::size_t kEveryOther = 4;
/// Pairs without a single win after which nothing more is expected.
constexpr std::size_t kPatience = 6;
constexpr std::chrono::minutes kLongestContest{2};
/// "No worse" of a proposal that covers one more case: it loses in fewer than this share of the pairs.
constexpr double kCaseLossLimit = 0.25;

bool is_about_time(const Proposal& proposal) {
  return proposal.expectation.kind == Expectation::Kind::shorter_wall_time;
}

bool covers_more(const Expectation& expectation) {
  return expectation.kind == Expectation::Kind::no_worse && expectation.before > 0;
}

bool is_about_cache(const Proposal& proposal) {
  const auto* tune = std::get_if<TuneParam>(&proposal.operation);
  return tune != nullptr && tune->set.name == "cache";
}

// Runs since a change that did nothing fail as often as before: no case of them is sure.
bool has_anchors(const Proposal& proposal) {
  return !std::holds_alternative<Revert>(proposal.operation);
}

bool declares_a_goal(const graph::Graph& graph) {
  return std::ranges::any_of(graph.metrics, [](const graph::Metric& metric) { return metric.is_goal; });
}

std::string error_of(const ledger::NodeState& node) {
  for (const ledger::Attempt& attempt : node.attempts)
    if (!attempt.error.empty()) return attempt.error;
  return node.error;
}

}  // namespace

GateRule rule_for(const Expectation& expectation, double alpha, bool has_holdout) {
  GateRule rule{.alpha = alpha, .least_holdout = has_holdout ? 1u : 0u};
  if (covers_more(expectation)) {
    rule.lighter = "covers one more case";
    rule.loss_limit = kCaseLossLimit;
  }
  return rule;
}

std::vector<Metric> metrics_of(const std::vector<Gauge>& gauges) {
  std::vector<Metric> metrics;
  for (const Gauge& gauge : gauges) metrics.push_back(gauge.metric);
  return metrics;
}

Contest::Contest(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                 const CheckedPatch& checked)
    : context_(context),
      basis_(basis),
      proposal_(proposal),
      checked_(checked),
      gauges_(gauges_for(proposal.expectation, basis.base.reading.graph)),
      rule_(rule_for(proposal.expectation, context.alpha, !basis.holdout.empty())),
      gate_(metrics_of(gauges_), rule_),
      gains_(metrics_of(gauges_)),
      is_cold_(is_about_cache(proposal)) {
  choose_cases();
}

// Newest first. Runs that the finding cites come before all others.
void Contest::choose_cases() {
  const auto cites = [&](const RecordedRun& run) {
    return std::ranges::any_of(proposal_.finding.citations,
                               [&](const Citation& citation) { return citation.run == run.state.id; });
  };
  for (const RecordedRun& run : basis_.holdout)
    if (others_.size() < kMostOthers) others_.push_back({.run = &run, .is_holdout = true});
  for (auto run = basis_.evidence.runs.rbegin(); run != basis_.evidence.runs.rend(); ++run) {
    if (cites(*run) && cited_.size() < kMostCited) cited_.push_back({.run = &*run});
    if (!cites(*run) && others_.size() < kMostOthers) others_.push_back({.run = &*run});
  }
  if (cited_.empty()) cited_.push_back({.run = &basis_.run_of(proposal_.finding)});
}

Contest::Case& Contest::case_of(std::size_t pair) {
  const std::size_t round = pair / kEveryOther;
  if (!others_.empty() && pair % kEveryOther == kEveryOther - 1) return others_[round % others_.size()];
  return cited_[(pair - (others_.empty() ? 0 : round)) % cited_.size()];
}

Result<void> Contest::prepare() {
  begun_ = context_.clock.monotonic();
  OE_TRY(Base after, read_base(context_.repository, checked_.scratch, basis_.base.workflow));
  after_ = std::move(after.reading.graph);
  OE_TRY(only_, needed_paths(context_.repository, basis_.base));
  for (const git::FileChange& file : checked_.patch.files)
    if (!only_.empty()) only_.push_back(file.path);
  return {};
}

// A case without a journal, or whose args do not fit any more, is run as a whole.
Result<void> Contest::take_over(Case& one) {
  if (!basis_.events || one.past) return {};
  const auto kept = kept_nodes(basis_.base, after_, checked_.patch, *one.run);
  if (!kept || kept->empty()) return {};
  Result<void> read;
  auto past = engine::Past::of_other_run(
      [&](const std::function<void(const ledger::Event&)>& each) { read = basis_.events(one.run->state.id, each); },
      *kept);
  OE_CHECK(read);
  one.past = std::move(past);
  return {};
}

TrialSpec Contest::spec_of(const Case& one, bool is_candidate, std::size_t pair) {
  const std::string name = fmt::format("{}-{}-{}{}{}", is_candidate ? "new" : "old", checked_.scratch.text.substr(0, 8),
                                       pair, is_narrow_ ? "" : "w", is_cold_ ? "c" : "");
  TrialSpec spec = trial_of(*one.run, is_candidate ? checked_.scratch : basis_.base.commit, name);
  if (is_about_cache(proposal_)) spec.replay = is_candidate ? &new_results_ : &old_results_;
  if (!is_narrow_) return spec;
  spec.only = only_;
  spec.past = one.past ? &*one.past : nullptr;
  return spec;
}

// The pair that is expected to take the longest so far; before the first one the record says.
std::size_t Contest::affordable_wave() {
  const std::size_t wanted = next_wave();
  if (context_.purse == nullptr) return wanted;
  Purse::Step step = dearest_;
  if (gate_.pairs() == 0) step.time = case_of(0).run->state.duration * (is_about_time(proposal_) ? 2 : 1);
  return context_.purse->affords(wanted, step, context_.clock.monotonic());
}

double Contest::spent() const {
  return context_.purse == nullptr ? 0 : context_.purse->spent().usd.value_or(0);
}

void Contest::note_price(std::size_t pairs, std::chrono::microseconds begun, double usd_before) {
  dearest_.time = std::max(dearest_.time, context_.clock.monotonic() - begun);
  dearest_.usd = std::max(dearest_.usd, (spent() - usd_before) / static_cast<double>(pairs));
}

// What is timed has the machine for itself; the side that goes first changes from pair to pair.
Result<Trials> Contest::run_in_turns(std::size_t count) {
  std::vector<TrialSpec> specs;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t pair = gate_.pairs() + i;
    const Case& one = case_of(pair);
    specs.push_back(spec_of(one, false, pair));
    specs.push_back(spec_of(one, true, pair));
  }
  if (!is_about_time(proposal_)) return run_trials(context_, specs);
  const bool is_swapped = gate_.pairs() % 2 == 1;
  if (is_swapped) std::swap(specs[0], specs[1]);
  OE_TRY(Trials first, run_trials(context_, std::span(specs).first(1)));
  OE_TRY(Trials second, run_trials(context_, std::span(specs).subspan(1)));
  first.push_back(std::move(second.front()));
  if (is_swapped) std::swap(first[0], first[1]);
  return first;
}

/// False when nothing was seen, as the trial has to be wider or was the first of a cache.
Result<bool> Contest::run_pairs(std::size_t count) {
  const std::size_t first = gate_.pairs();
  for (std::size_t i = 0; i < count && is_narrow_; ++i) OE_CHECK(take_over(case_of(first + i)));
  const auto begun = context_.clock.monotonic();
  const double usd_before = spent();
  OE_TRY(const Trials trials, run_in_turns(count));
  note_price(count, begun, usd_before);
  if (first == 0 && is_unlike_record(case_of(0), trials[0]) && is_narrow_) {
    is_narrow_ = false;
    return false;
  }
  if (std::exchange(is_cold_, false)) return false;
  if (first == 0 && covers_more(proposal_.expectation)) OE_CHECK(check_cover(case_of(0), trials[1]));
  for (std::size_t i = 0; i < count; ++i) see(case_of(first + i), trials[2 * i], trials[2 * i + 1]);
  return true;
}

// A case that the workflow never comes to covers nothing.
Result<void> Contest::check_cover(const Case& one, const Result<RunState>& candidate) const {
  if (!candidate) return fail(candidate.error());
  const NodeId& id = proposal_.expectation.node;
  const auto node = candidate->nodes.find(id);
  const std::uint64_t items = node == candidate->nodes.end() ? 0 : node->second.items.value_or(0);
  if (items <= proposal_.expectation.before)
    return fail(ErrorKind::failed,
                fmt::format("in the trial {} had {} items, and not one more than before", id.text, items));
  const bool was_failing = failed_items(one.run->state, id) > 0;  // a new item mends none of the others
  if (node->second.outcome == Outcome::succeeded || was_failing) return {};
  return fail(ErrorKind::failed, fmt::format("in the trial {} failed: {}", id.text, first_line(error_of(node->second))));
}

// In the trial a node may lack a file, a side effect of a node that is not run again, or the network.
bool Contest::is_unlike_record(const Case& one, const Result<RunState>& base) {
  oddity_.clear();
  if (!base) return true;
  for (const auto& [id, now] : base->nodes) {
    const auto then = one.run->state.nodes.find(id);
    if (then == one.run->state.nodes.end() || !is_failure(now.outcome)) continue;
    const bool is_new = then->second.outcome == Outcome::succeeded;
    if (!is_new && error_signature(error_of(then->second)) == error_signature(error_of(now))) continue;
    oddity_ = fmt::format("; in trials {} fails at the base, too: {}", id.text, first_line(error_of(now)));
    return true;
  }
  return false;
}

// What fails only with the change, for the reason of a refusal.
void Contest::note_harm(const Result<RunState>& base, const Result<RunState>& candidate) {
  if (!harm_.empty() || !base || !candidate) return;
  for (const auto& [id, now] : candidate->nodes) {
    const auto then = base->nodes.find(id);
    if (!is_failure(now.outcome) || (then != base->nodes.end() && is_failure(then->second.outcome))) continue;
    harm_ = fmt::format("; with the change {} failed: {}", id.text, first_line(error_of(now)));
    return;
  }
}

void Contest::see(const Case& one, const Result<RunState>& base, const Result<RunState>& candidate) {
  note_harm(base, candidate);
  const RunId& origin = basis_.case_of(one.run->state.id);
  pairs_.push_back({.case_name = origin.text,
                    .is_anchor = has_anchors(proposal_) && one.run->state.status == ledger::RunStatus::success,
                    .is_holdout = one.is_holdout,
                    .base = readings(gauges_, base),
                    .candidate = readings(gauges_, candidate)});
  gains_.see(pairs_.back());
  if (candidate) trials_.push_back({candidate->id, origin, one.is_holdout});
  gate_.see(pairs_.back());
}

PairsShown Contest::shown() const {
  return {.metrics = metrics_of(gauges_), .rule = rule_, .pairs = pairs_};
}

// The first pair shows whether the trial is like the record; then no more at once than a verdict needs.
std::size_t Contest::next_wave() const {
  if (gate_.pairs() == 0 || is_about_time(proposal_)) return 1;
  return std::clamp<std::size_t>(gate_.straight_wins_needed(), 1, context_.jobs);
}

bool Contest::is_hopeless() const {
  if (gate_.pairs() < kPatience || covers_more(proposal_.expectation)) return false;
  const Verdict verdict = gate_.verdict();
  for (std::size_t i = 0; i < gauges_.size(); ++i)
    if (gauges_[i].metric.role == Role::goal && verdict.metrics[i].wins > verdict.metrics[i].losses) return false;
  return true;
}

bool Contest::is_out_of_means() const {
  const bool is_poor = context_.purse != nullptr && context_.purse->usd_left() && *context_.purse->usd_left() <= 0;
  return is_poor || gate_.pairs() >= context_.most_pairs || context_.clock.monotonic() - begun_ > kLongestContest;
}

Result<Verdict> Contest::hold() {
  OE_CHECK(prepare());
  const double before = spent();
  std::size_t wave = 1;
  while (!gate_.is_decided() && !is_hopeless() && !is_out_of_means() && (wave = affordable_wave()) > 0)
    OE_CHECK(run_pairs(wave));
  std::optional<double> price;
  if (context_.purse != nullptr && context_.purse->spent().usd && gate_.pairs() > 0)
    price = (spent() - before) / static_cast<double>(gate_.pairs());
  Verdict verdict = gate_.verdict(price);
  const bool is_unnamed = proposal_.expectation.kind == Expectation::Kind::no_worse;
  if (!verdict.opens_branch()) verdict.sentence += oddity_ + harm_;
  if (wave == 0) verdict.sentence += "; " + context_.purse->ended_by() + " left no room for more";
  if (verdict.kind == Verdict::Kind::not_enough && is_unnamed && !declares_a_goal(basis_.base.reading.graph))
    verdict.sentence += "; the workflow declares no goal among its metrics that could show what the change is for";
  return verdict;
}

ledger::ContestOutcome Contest::outcome(const Verdict& verdict) const {
  ledger::ContestOutcome outcome{.verdict = std::string(to_string(verdict.kind)),
                                 .metric = verdict.metric,
                                 .pairs = gate_.pairs(),
                                 .cases = gains_.to_value(),
                                 .trials = to_value(trials_)};
  for (const Comparison& shown : verdict.metrics) {
    if (shown.metric != verdict.metric) continue;
    outcome.wins = shown.wins;
    outcome.losses = shown.losses;
  }
  return outcome;
}

}  // namespace oe::evolve
