#include "evolve/duel.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "evolve/gauges.hpp"
#include "evolve/trial.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostRounds = 20;
/// Rounds without a single win of either after which nothing more is expected.
constexpr std::size_t kFruitless = 6;
constexpr std::chrono::minutes kLongestDuel{2};
/// Nothing is opened by it, so it does not share what the candidates have.
constexpr double kDuelAlpha = 0.05;

std::vector<Metric> all_metrics(const std::vector<Gauge>& gauges) {
  std::vector<Metric> metrics;
  for (const Gauge& gauge : gauges) metrics.push_back(gauge.metric);
  return metrics;
}

class Duel {
 public:
  Duel(const JudgeContext& judge, const Ground& root, std::array<git::Oid, 3> sides)
      : judge_(judge),
        sides_(std::move(sides)),
        gauges_(gauges_for({.kind = Expectation::Kind::no_worse}, root.base().reading.graph)),
        verdict_(all_metrics(gauges_), {.alpha = kDuelAlpha}),
        rival_(verdict_),
        challenger_(verdict_) {
    const TrialBasis& basis = root.basis();
    is_on_holdout_ = !basis.holdout.empty();
    const auto& runs = is_on_holdout_ ? basis.holdout : basis.evidence.runs;
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) cases_.push_back(&*run);
  }

  Result<DuelOutcome> hold() {
    const auto begun = judge_.clock.monotonic();
    const auto is_late = [&] { return judge_.clock.monotonic() - begun > kLongestDuel; };
    bool is_out_of_means = false;
    while (rounds_ < kMostRounds && !verdict_.is_decided() && !is_fruitless() && !is_late()) {
      is_out_of_means = !affords_round();
      if (is_out_of_means) break;
      OE_CHECK(run_round());
    }
    DuelOutcome outcome{.verdict = verdict_.verdict(),
                        .rival = rival_.verdict(),
                        .challenger = challenger_.verdict(),
                        .rounds = rounds_,
                        .is_on_holdout = is_on_holdout_};
    if (is_out_of_means) outcome.verdict.sentence += "; " + judge_.purse->ended_by() + " left no room for more";
    return outcome;
  }

 private:
  bool affords_round() {
    Purse::Step step = dearest_;
    step.runs = sides_.size();
    if (rounds_ == 0) step.time = cases_.front()->state.duration * static_cast<int>(sides_.size());
    return judge_.purse == nullptr || judge_.purse->affords(1, step, judge_.clock.monotonic()) > 0;
  }

  // One after the other, as time counts; whoever goes first changes.
  Result<void> run_round() {
    const auto begun = judge_.clock.monotonic();
    const double usd = judge_.purse == nullptr ? 0 : judge_.purse->spent().usd.value_or(0);
    const RecordedRun& run = *cases_[rounds_ % cases_.size()];
    std::array<std::vector<Measured>, 3> values;
    for (std::size_t i = 0; i < sides_.size(); ++i) {
      const std::size_t side = (i + rounds_) % sides_.size();
      const TrialSpec spec = trial_of(run, sides_[side], fmt::format("duel-{}-{}-{}", sides_[side].text.substr(0, 8),
                                                                     sides_[2].text.substr(0, 8), rounds_));
      OE_TRY(const Trials trials, run_trials(judge_, std::span(&spec, 1)));
      values[side] = readings(gauges_, trials.front());
    }
    ++rounds_;
    see(run, values);
    dearest_.time = std::max(dearest_.time, judge_.clock.monotonic() - begun);
    if (judge_.purse != nullptr)
      dearest_.usd = std::max(dearest_.usd, judge_.purse->spent().usd.value_or(0) - usd);
    return {};
  }

  void see(const RecordedRun& run, const std::array<std::vector<Measured>, 3>& values) {
    const auto pair = [&](std::size_t before, std::size_t after) {
      return Pair{.case_name = run.state.id.text,
                  .is_anchor = run.state.status == ledger::RunStatus::success,
                  .base = values[before],
                  .candidate = values[after]};
    };
    verdict_.see(pair(1, 2));
    rival_.see(pair(0, 1));
    challenger_.see(pair(0, 2));
  }

  bool is_fruitless() const {
    if (rounds_ < kFruitless) return false;
    const Verdict verdict = verdict_.verdict();
    return std::ranges::all_of(verdict.metrics, [](const Comparison& one) { return one.wins + one.losses == 0; });
  }

  const JudgeContext& judge_;
  std::array<git::Oid, 3> sides_;  ///< base, rival, challenger
  std::vector<Gauge> gauges_;
  Gate verdict_;
  Gate rival_;
  Gate challenger_;
  std::vector<const RecordedRun*> cases_;  ///< newest first, never empty
  bool is_on_holdout_ = false;
  std::size_t rounds_ = 0;
  Purse::Step dearest_;
};

}  // namespace

Result<DuelOutcome> hold_duel(const JudgeContext& judge, const Ground& root, const git::Oid& rival,
                              const git::Oid& challenger) {
  return Duel(judge, root, {root.base().commit, rival, challenger}).hold();
}

}  // namespace oe::evolve
