#include "oe/evolve/proof.hpp"

#include <cmath>
#include <fmt/core.h>

#include "oe/base/box.hpp"

#include "evolve/line.hpp"
#include "evolve/revert.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kLongestError = 120;

Result<std::string> effect_of_pairs(const PairsShown& shown) {
  Gate gate(shown.metrics, shown.rule);
  for (const Pair& pair : shown.pairs) gate.see(pair);
  const Verdict verdict = gate.verdict();
  if (!verdict.opens_branch()) return fail(ErrorKind::failed, verdict.sentence);
  return verdict.sentence;
}

Result<std::string> effect_of_failures(const FailuresShown& shown, const AddDatasetCase& add) {
  const std::size_t needed = failures_needed(shown.alpha);
  if (shown.errors.size() < needed)
    return fail(ErrorKind::failed, fmt::format("the case made {} fail {} times, and {} are needed", add.node.text,
                                               shown.errors.size(), needed));
  return fmt::format("the case makes {} fail, {} times of {}: {}", add.node.text, shown.errors.size(),
                     shown.errors.size(), one_line(shown.errors.back(), kLongestError));
}

}  // namespace

std::size_t failures_needed(double alpha) {
  return static_cast<std::size_t>(std::ceil(-std::log2(alpha)));
}

Result<std::string> effect_of(const Shown& shown, const Operation& operation) {
  return std::visit(
      overloaded{[&](const PairsShown& pairs) {
                   const auto* revert = std::get_if<Revert>(&operation);
                   return revert != nullptr ? effect_of_revert(pairs, *revert) : effect_of_pairs(pairs);
                 },
                 [&](const FailuresShown& failures) -> Result<std::string> {
                   const auto* add = std::get_if<AddDatasetCase>(&operation);
                   if (add == nullptr) return fail(ErrorKind::failed, "failures of a case speak for a case only");
                   return effect_of_failures(failures, *add);
                 }},
      shown);
}

std::string evidence_ref(const Fingerprint& fingerprint) {
  return "refs/oe/evidence/" + fingerprint.text;
}

}  // namespace oe::evolve
