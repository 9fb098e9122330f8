#include "oe/evolve/realised.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace oe::evolve {

namespace {

constexpr std::size_t kFirstLook = 8;
constexpr double kPromiseAlpha = 0.05;

struct Look {
  std::size_t pairs = 0;
  double level = 0;
};

/// The newest look that so many pairs allow.
Look look_at(std::size_t pairs) {
  Look look;
  double alpha = kPromiseAlpha;
  for (std::size_t at = kFirstLook; at <= pairs; at *= 2) {
    alpha /= 2;
    look = {at, 1 - alpha};
  }
  return look;
}

Comparison compared(const Metric& metric, const std::vector<Pair>& pairs, std::size_t count, double level) {
  Tally tally(metric, GateRule().loss_limit);
  for (std::size_t i = 0; i < count; ++i) tally.see(pairs[i], pairs[i].base.front(), pairs[i].candidate.front());
  return tally.comparison(level);
}

std::string gain_words(const Metric& metric, double gain) {
  if (metric.scale == Scale::absolute) return fmt::format("{:+.3g}", gain);
  return fmt::format("{:+.0f} %", gain * 100);
}

std::string interval_words(const Metric& metric, const stats::Interval& interval) {
  return fmt::format("{} to {}", gain_words(metric, interval.low), gain_words(metric, interval.high));
}

Fulfilment fulfilment_of(const Promise& promise, const stats::Interval& shown) {
  if (shown.low > 0) return Fulfilment::came_true;
  return shown.high < promise.gain ? Fulfilment::broken : Fulfilment::unknown;
}

std::string sentence_of(const Promise& promise, const Realised& shown) {
  const Metric& metric = promise.metric;
  const std::string promised = fmt::format("{} {} promised", metric.name, gain_words(metric, promise.gain));
  if (!shown.interval) {
    const std::string so_far = shown.gain ? fmt::format(", {} so far", gain_words(metric, *shown.gain)) : "";
    return fmt::format("{}; {} of {} pairs of runs{}", promised, shown.pairs, kFirstLook, so_far);
  }
  return fmt::format("{}; {} pairs of runs before and after show {} ({:.4g} % interval {})", promised, shown.looked_at,
                     shown.gain ? gain_words(metric, *shown.gain) : "nothing", shown.level * 100,
                     interval_words(metric, *shown.interval));
}

}  // namespace

std::string_view to_string(Fulfilment fulfilment) {
  switch (fulfilment) {
    case Fulfilment::unknown:
      return "not known yet";
    case Fulfilment::came_true:
      return "came true";
    case Fulfilment::broken:
      return "did not come true";
  }
  return "";
}

std::optional<Promise> promise_of(const Proof& proof) {
  const auto* shown = std::get_if<PairsShown>(&proof.shown);
  if (shown == nullptr || std::holds_alternative<Revert>(proof.operation)) return std::nullopt;
  Gate gate(shown->metrics, shown->rule);
  for (const Pair& pair : shown->pairs) gate.see(pair);
  const Verdict verdict = gate.verdict();
  if (verdict.kind != Verdict::Kind::better) return std::nullopt;
  for (std::size_t i = 0; i < shown->metrics.size(); ++i) {
    const Comparison& one = verdict.metrics[i];
    if (one.metric == verdict.metric && one.gain)
      return Promise{shown->metrics[i], *one.gain, one.interval, one.e_better};
  }
  return std::nullopt;
}

Realised judge_promise(const Promise& promise, const std::vector<Pair>& pairs) {
  const Look look = look_at(pairs.size());
  Realised shown{.pairs = pairs.size(), .looked_at = look.pairs, .level = look.level};
  const std::size_t count = look.pairs == 0 ? pairs.size() : look.pairs;
  const Comparison comparison = compared(promise.metric, pairs, count, look.pairs == 0 ? 1 - kPromiseAlpha : look.level);
  shown.gain = comparison.gain;
  if (look.pairs > 0 && comparison.gain) shown.interval = comparison.interval;
  if (shown.interval) {
    shown.fulfilment = fulfilment_of(promise, *shown.interval);
    shown.is_less = shown.fulfilment == Fulfilment::came_true && shown.interval->high < promise.gain;
  }
  shown.sentence = sentence_of(promise, shown);
  return shown;
}

}  // namespace oe::evolve
