#include <fmt/format.h>

#include "oe/evolve/gate.hpp"

#include "evolve/gate_words.hpp"

namespace oe::evolve {

std::string Gate::sentence(const Decision& decision, const Verdict& verdict) const {
  if (decision.tally == nullptr) return "nothing is measured";
  const Comparison shown = decision.tally->comparison();
  const std::string figures = before_and_after(decision.tally->metric(), shown);
  const std::string because = decision.because.empty() ? "" : ": " + decision.because;
  switch (decision.kind) {
    case Verdict::Kind::better:
      return fmt::format("{} ({})", figures, evidence_for_better(shown, goal_level()));
    case Verdict::Kind::worse:
      return fmt::format("{} ({}){}", figures, evidence_for_worse(shown, worse_level()), because);
    case Verdict::Kind::no_worse:
      return fmt::format("{}, and {} loses most, in {} of {} pairs: fewer than {:.0f} % is shown", decision.because,
                         figures, shown.losses, shown.pairs, rule_.loss_limit * 100);
    case Verdict::Kind::not_enough:
      break;
  }
  const std::string ahead = decision.is_blocked ? "" : "; " + words_of_forecast(verdict);
  return fmt::format("{} ({}){}{}", figures, evidence_for_better(shown, goal_level()), because, ahead);
}

Verdict Gate::verdict(std::optional<double> usd_per_pair) const {
  const Decision decision = decide();
  Verdict verdict;
  verdict.kind = decision.kind;
  if (decision.tally != nullptr) verdict.metric = decision.tally->metric().name;
  for (const Tally& tally : tallies_) verdict.metrics.push_back(tally.comparison());
  if (decision.kind == Verdict::Kind::not_enough && !decision.is_blocked) verdict.more_pairs = forecast();
  if (verdict.more_pairs && usd_per_pair) verdict.more_usd = static_cast<double>(*verdict.more_pairs) * *usd_per_pair;
  verdict.sentence = sentence(decision, verdict);
  return verdict;
}

}  // namespace oe::evolve
