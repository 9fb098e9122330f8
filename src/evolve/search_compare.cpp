#include <algorithm>
#include <fmt/core.h>

#include "evolve/duel.hpp"
#include "evolve/search.hpp"

namespace oe::evolve {

namespace {

Champion champion_of(const Judged& judged) {
  return {.fingerprint = judged.fingerprint, .title = judged.proposal.title};
}

std::string in_words(const Verdict& verdict) {
  return fmt::format("{}: {}", to_string(verdict.kind), verdict.sentence);
}

std::string named(const Champion& champion) {
  return fmt::format("{} ({})", champion.fingerprint.text.substr(0, 8), champion.title);
}

}  // namespace

/// Proposals with a branch and a contest on record, but for those of one arm.
std::vector<std::size_t> Search::proven(std::string_view without_arm) const {
  std::set<Fingerprint> superseded;
  for (const Judged& judged : report_.proposals)
    if (judged.supersedes) superseded.insert(judged.supersedes->fingerprint);
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < report_.proposals.size(); ++i) {
    const Judged& judged = report_.proposals[i];
    const bool has_branch = judged.fate == Judged::Fate::committed || judged.fate == Judged::Fate::unchanged;
    const bool is_there = has_branch && !superseded.contains(judged.fingerprint);
    if (is_there && judged.outcome.trials.size() > 0 && judged.descent.arm != without_arm) positions.push_back(i);
  }
  return positions;
}

Standing Search::standing_of(const Judged& judged) const {
  const Judged* parent = proven_as(judged.descent.parent);
  return stacked(parent == nullptr ? Standing{} : standing_of(*parent), read_standing(judged.outcome.cases));
}

std::optional<std::size_t> Search::best_without(std::string_view arm) const {
  const std::vector<std::size_t> pool = proven(arm);
  std::vector<Standing> standings;
  for (const std::size_t i : pool) standings.push_back(standing_of(report_.proposals[i]));
  const std::vector<std::size_t> best = front(standings);
  return best.empty() ? std::nullopt : std::optional(pool[best.front()]);
}

// The best of each arm was chosen for its figures, so both are run anew before anything is said of them.
Result<void> Search::compare() {
  SearchReport& search = *report_.search;
  const auto evolution = best_without("baseline"), baseline = best_without("evolution");
  if (evolution) search.evolution = champion_of(report_.proposals[*evolution]);
  if (baseline) search.baseline = champion_of(report_.proposals[*baseline]);
  if (!evolution || !baseline) {
    search.comparison = evolution ? fmt::format("only evolution has proven something: {}", named(search.evolution))
                                  : "nothing was proven, so there is nothing to compare";
    return {};
  }
  if (*evolution == *baseline) {
    search.comparison = fmt::format("evolution ends with the best single proposal, {}", named(search.baseline));
    return {};
  }
  context_.progress(fmt::format("comparing {} with {}", named(search.evolution), named(search.baseline)));
  OE_TRY(const DuelOutcome duel, hold_duel(judge_, root_, git::Oid{report_.proposals[*baseline].commit},
                                           git::Oid{report_.proposals[*evolution].commit}));
  search.evolution.beside_base = in_words(duel.challenger);
  search.baseline.beside_base = in_words(duel.rival);
  search.verdict = std::string(to_string(duel.verdict.kind));
  search.is_on_holdout = duel.is_on_holdout;
  search.comparison = fmt::format("evolution's {} beside the best single proposal, {}: {}", named(search.evolution),
                                  named(search.baseline), in_words(duel.verdict));
  return {};
}

}  // namespace oe::evolve
