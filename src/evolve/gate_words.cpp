#include "evolve/gate_words.hpp"

#include <cmath>
#include <fmt/format.h>

namespace oe::evolve {
namespace {

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string e_of(double e) {
  if (e >= 1e6) return fmt::format("{:.0e}", e);
  return e < 10 ? fmt::format("{:.1f}", e) : fmt::format("{:.0f}", std::floor(e));
}

std::string evidence(const Comparison& shown, double e, double level) {
  return fmt::format("{}, {}, e = {} of {:.0f} needed", counted(shown.wins, "win", "wins"),
                     counted(shown.losses, "loss", "losses"), e_of(e), std::ceil(1 / level - 1e-6));
}

std::string with_unit(double value, const std::string& unit) {
  const std::string number = std::abs(value) < 1e6 ? fmt::format("{:.4g}", value) : fmt::format("{:.0f}", value);
  return unit.empty() ? number : number + " " + unit;
}

std::string yes_of(double share, std::size_t runs) {
  return fmt::format("{:.0f}/{}", share * static_cast<double>(runs), runs);
}

}  // namespace

std::string_view to_string(Verdict::Kind kind) {
  switch (kind) {
    case Verdict::Kind::better:
      return "better";
    case Verdict::Kind::no_worse:
      return "no worse";
    case Verdict::Kind::worse:
      return "worse";
    case Verdict::Kind::not_enough:
      break;
  }
  return "not enough evidence";
}

std::string before_and_after(const Metric& metric, const Comparison& shown) {
  if (shown.pairs == 0) return metric.name + " not read yet";
  if (metric.scale == Scale::yes_no)
    return fmt::format("{} {} -> {}", metric.name, yes_of(shown.before, shown.values_before),
                       yes_of(shown.after, shown.values_after));
  const std::string change =
      shown.before == 0 ? "" : fmt::format(" ({:+.0f} %)", (shown.after - shown.before) / std::abs(shown.before) * 100);
  return fmt::format("{} {} -> {}{}", metric.name,
                     shown.values_before == 0 ? "nothing" : with_unit(shown.before, metric.unit),
                     shown.values_after == 0 ? "nothing" : with_unit(shown.after, metric.unit), change);
}

std::string evidence_for_better(const Comparison& shown, double level) {
  return evidence(shown, shown.e_better, level);
}
std::string evidence_for_worse(const Comparison& shown, double level) {
  return evidence(shown, shown.e_worse, level);
}

std::string words_of_forecast(const Verdict& verdict) {
  if (!verdict.more_pairs) return fmt::format("more than {} more pairs", kMostForecast);
  const std::string pairs = "about " + counted(*verdict.more_pairs, "more pair", "more pairs");
  return verdict.more_usd ? fmt::format("{}, about ${:.2f}", pairs, *verdict.more_usd) : pairs;
}

}  // namespace oe::evolve
