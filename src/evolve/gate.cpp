#include "oe/evolve/gate.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "evolve/gate_words.hpp"

namespace oe::evolve {

Gate::Gate(std::vector<Metric> metrics, GateRule rule) : rule_(std::move(rule)) {
  for (Metric& metric : metrics) tallies_.emplace_back(std::move(metric), rule_.loss_limit);
}

void Gate::see(const Pair& pair) {
  ++pairs_;
  if (pair.is_holdout) ++holdout_pairs_;
  for (std::size_t i = 0; i < tallies_.size(); ++i) tallies_[i].see(pair, pair.base[i], pair.candidate[i]);
}

double Gate::goal_level() const {
  const auto goals = std::count_if(tallies_.begin(), tallies_.end(),
                                   [](const Tally& tally) { return tally.metric().role == Role::goal; });
  return rule_.alpha * (rule_.lighter.empty() ? 1 : 0.5) / static_cast<double>(std::max<std::ptrdiff_t>(goals, 1));
}

double Gate::worse_level() const {
  return rule_.alpha / static_cast<double>(std::max<std::size_t>(tallies_.size(), 1));
}

std::optional<Gate::Decision> Gate::find_worse() const {
  for (const Tally& tally : tallies_)
    if (const auto anchor = tally.regressed_anchor())
      return Decision{Verdict::Kind::worse, &tally,
                      fmt::format("the anchor case {} fails more often than before", *anchor), false};
  for (const Tally& tally : tallies_)
    if (tally.worse().rejects(worse_level())) return Decision{Verdict::Kind::worse, &tally, "", false};
  return std::nullopt;
}

const Tally* Gate::speaks_for_worse(const Tally* but) const {
  for (const Tally& tally : tallies_)
    if (&tally != but && tally.worse().e_value() * rule_.guard_alpha >= 1) return &tally;
  return nullptr;
}

std::optional<std::string> Gate::obstacle(const Tally& goal) const {
  if (goal.holdout_points_back()) return "the hold-out cases point the other way";
  const auto gain = goal.gain();
  if (!gain) return "no pair has a value on both sides";
  if (*gain < goal.metric().margin * (1 - 1e-12))
    return fmt::format("the typical gain of {:.3g} is below the margin of {:.3g}", *gain, goal.metric().margin);
  if (const Tally* other = speaks_for_worse(&goal)) {
    const Comparison shown = other->comparison();
    return fmt::format("{} speaks for worse ({})", before_and_after(other->metric(), shown),
                       evidence_for_worse(shown, rule_.guard_alpha));
  }
  return std::nullopt;
}

Gate::Decision Gate::find_better() const {
  Decision nearest;
  for (const Tally& tally : tallies_) {
    if (tally.metric().role != Role::goal) continue;
    if (!tally.better().rejects(goal_level())) {
      const bool is_nearer = nearest.tally == nullptr ||
                             (!nearest.is_blocked && tally.better().e_value() > nearest.tally->better().e_value());
      if (is_nearer) nearest = {Verdict::Kind::not_enough, &tally, "", false};
    } else if (const auto reason = obstacle(tally)) {
      nearest = {Verdict::Kind::not_enough, &tally, *reason, true};
    } else if (holdout_pairs_ < rule_.least_holdout) {
      nearest = {Verdict::Kind::not_enough, &tally, "too few pairs of hold-out cases", false};
    } else {
      return {Verdict::Kind::better, &tally, "", false};
    }
  }
  if (nearest.tally == nullptr && !tallies_.empty()) nearest.tally = &tallies_.front();
  return nearest;
}

bool Gate::is_no_worse() const {
  if (rule_.lighter.empty() || pairs_ == 0 || holdout_pairs_ < rule_.least_holdout) return false;
  if (speaks_for_worse(nullptr) != nullptr) return false;
  bool is_any_read = false;
  for (const Tally& tally : tallies_) {
    if (tally.pairs() == 0) continue;  // neither side has it: nothing to get worse
    is_any_read = true;
    if (!tally.rare_losses().rejects(rule_.alpha / 2)) return false;
    if (tally.metric().role == Role::goal && tally.holdout_points_back()) return false;
  }
  return is_any_read;
}

Gate::Decision Gate::decide() const {
  if (auto worse = find_worse()) return *std::move(worse);
  Decision decision = find_better();
  if (decision.kind == Verdict::Kind::better || !is_no_worse()) return decision;
  // The metric with the most losses is the one that a reviewer asks about.
  const auto most = std::max_element(tallies_.begin(), tallies_.end(),
                                     [](const Tally& a, const Tally& b) { return a.losses() < b.losses(); });
  return {Verdict::Kind::no_worse, &*most, rule_.lighter, false};
}

}  // namespace oe::evolve
