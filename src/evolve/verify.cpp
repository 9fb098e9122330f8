#include "oe/evolve/verify.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/digest.hpp"
#include "oe/evolve/policy.hpp"
#include "oe/evolve/realised.hpp"
#include "oe/git/trailers.hpp"

#include "evolve/contest.hpp"
#include "evolve/evidence_ref.hpp"
#include "evolve/patch_identity.hpp"

namespace oe::evolve {

namespace {

/// What the commit says of itself.
struct Claim {
  Fingerprint fingerprint;
  git::Oid base;
  git::Oid evidence;
  std::string effect;
  std::vector<std::string> runs;
};

Result<Claim> read_claim(const git::Commit& commit, const git::Oid& id) {
  const std::vector<git::Trailer> trailers = git::trailers(commit.message);
  const auto value = [&](const char* key) { return git::find_trailer(trailers, key).value_or(""); };
  Claim claim{{value("Oe-Proposal")}, {value("Oe-Base")}, {value("Oe-Evidence")}, value("Oe-Effect"), {}};
  for (const git::Trailer& trailer : trailers)
    if (trailer.key == "Oe-Run") claim.runs.push_back(trailer.value);
  for (const char* key : {"Oe-Proposal", "Oe-Base", "Oe-Evidence", "Oe-Effect"}) {
    if (!value(key).empty()) continue;
    return fail(ErrorKind::input, fmt::format("{} is no proposal of oe: its message has no {}", id.text, key),
                "oe proposals lists those that are");
  }
  return claim;
}

class Verifier {
 public:
  Verifier(const VerifyContext& context, const git::Oid& id, git::Commit commit, Claim claim)
      : context_(context), id_(id), commit_(std::move(commit)), claim_(std::move(claim)) {}

  Result<std::vector<Check>> check_all() {
    if (!see("the evidence is the one that the commit names", read_proof())) return checks_;
    see("the record says what the message says", same_as_claimed());
    see("the fingerprint is that of the change", fingerprint_fits());
    auto base = read_base(context_.repository, proof_.base, proof_.workflow);
    if (!see("the base is here", base ? Result<void>() : fail(base.error()))) return checks_;
    see("the commit is the promised change and nothing else", change_fits(*base));
    see("the measures are those that oe takes for the promise", measures_fit(*base));
    if (const auto* revert = std::get_if<Revert>(&proof_.operation))
      see("the promise is the one that was made", promise_fits(*revert, *base));
    see("the verdict follows from what was measured", verdict_follows());
    OE_CHECK(compare_runs());
    return checks_;
  }

 private:
  bool see(std::string what, const Result<void>& result, std::string finding = {}) {
    checks_.push_back({std::move(what), result ? std::move(finding) : result.error().to_string(), result.has_value()});
    return result.has_value();
  }

  static tl::unexpected<Error> wrong(std::string what) { return fail(ErrorKind::failed, std::move(what)); }

  Result<void> read_proof() {
    OE_TRY(proof_, read_evidence(context_.repository, claim_.fingerprint, claim_.evidence));
    return {};
  }

  Result<void> same_as_claimed() const {
    if (proof_.fingerprint != claim_.fingerprint) return wrong("it is about " + proof_.fingerprint.text);
    if (proof_.base != claim_.base)
      return wrong(fmt::format("its base is {}, the message says {}", proof_.base.text, claim_.base.text));
    if (trailer_text(proof_.effect) != claim_.effect)
      return wrong(fmt::format("its effect is \"{}\", the message says \"{}\"", proof_.effect, claim_.effect));
    std::vector<std::string> runs;
    for (const CitedRun& run : proof_.runs) runs.push_back(run.id.text);
    if (runs != claim_.runs) return wrong("it cites other runs than the message");
    return {};
  }

  Result<void> fingerprint_fits() const {
    const Fingerprint own = fingerprint({.operation = proof_.operation}, proof_.workflow);
    if (own == claim_.fingerprint) return {};
    return wrong(fmt::format("the recorded change has the fingerprint {}", own.text));
  }

  // On the base the trees must be the same; elsewhere the lines that change must be.
  Result<void> change_fits(const Base& base) {
    OE_TRY(Policy policy, read_policy(context_.repository, base.commit, context_.root));
    const JudgeContext judge{.repository = context_.repository,
                             .clock = context_.clock,
                             .identity = context_.identity,
                             .root = context_.root,
                             .policy = std::make_shared<const Policy>(std::move(policy))};
    OE_TRY(const Patch patch, render(context_.repository, base, proof_.operation));
    OE_TRY(const CheckedPatch checked, check(judge, base, proof_.operation, patch));
    if (checked.tree != proof_.tree) return wrong("the recorded tree is not what the change makes of the base");
    OE_CHECK(parents_fit());
    if (commit_.parents.front() == base.commit && commit_.tree == proof_.tree) return {};
    OE_TRY(const std::string diff, context_.repository.diff(commit_.parents.front(), id_));
    if (patch_identity(diff) == patch_identity(checked.diff)) return {};
    return wrong("it changes something else than " + std::string(operation_name(proof_.operation)) + " promises");
  }

  // A merge brings the proposal to its first parent: the second one has to be the proposal.
  Result<void> parents_fit() const {
    if (commit_.parents.size() == 1) return {};
    if (commit_.parents.size() != 2) return wrong("it has no parent, or more than two");
    OE_TRY(const git::Commit merged, context_.repository.commit(commit_.parents.back()));
    const auto name = git::find_trailer(git::trailers(merged.message), "Oe-Proposal");
    if (name == claim_.fingerprint.text) return {};
    return wrong("it is a merge of something else");
  }

  Result<void> measures_fit(const Base& base) const {
    const bool is_case = std::holds_alternative<AddDatasetCase>(proof_.operation);
    const bool must_break = is_case && proof_.expectation.kind != Expectation::Kind::no_worse;
    const auto* failures = std::get_if<FailuresShown>(&proof_.shown);
    if (must_break != (failures != nullptr)) return wrong("the evidence is of another kind than the promise asks for");
    if (failures != nullptr) return alpha_fits(failures->alpha);
    const PairsShown& pairs = std::get<PairsShown>(proof_.shown);
    OE_CHECK(alpha_fits(pairs.rule.alpha));
    if (!is_case && proof_.expectation.kind == Expectation::Kind::no_worse && proof_.expectation.before > 0)
      return wrong("only a case may claim to cover more");
    if (pairs.metrics != metrics_of(gauges_for(proof_.expectation, base.reading.graph)))
      return wrong("metrics are missing, or have another role or margin than at the base");
    const bool has_holdout = std::ranges::any_of(pairs.pairs, &Pair::is_holdout);
    if (pairs.rule != rule_for(proof_.expectation, pairs.rule.alpha, has_holdout || pairs.rule.least_holdout > 0))
      return wrong("the rule of the gate is not oe's");
    return {};
  }

  // Without the evidence of what is taken back only its metric can be held against the base.
  Result<void> promise_fits(const Revert& revert, const Base& base) const {
    const std::vector<Metric> metrics = metrics_of(gauges_for(proof_.expectation, base.reading.graph));
    if (std::ranges::find(metrics, revert.metric) == metrics.end())
      return wrong("the metric that was promised is none of those of the base");
    OE_TRY(const auto tip, context_.repository.ref(evidence_ref(revert.proposal)));
    if (!tip) return {};
    OE_TRY(const auto file, context_.repository.read(*tip, kProofFile));
    if (!file) return wrong("the evidence of what it takes back has no " + std::string(kProofFile));
    OE_TRY(const Proof proof, parse_proof(file->bytes));
    const auto promise = promise_of(proof);
    if (promise && promise->metric == revert.metric && promise->gain == revert.promised) return {};
    return wrong("the evidence of what it takes back promises something else");
  }

  static Result<void> alpha_fits(double alpha) {
    const double most = GateRule().alpha;
    if (alpha > 0 && alpha <= most) return {};
    return wrong(fmt::format("alpha is {}, and may be at most {}", alpha, most));
  }

  Result<void> verdict_follows() const {
    const auto effect = effect_of(proof_.shown, proof_.operation);
    if (!effect) return wrong("it does not speak for the change: " + effect.error().message());
    if (*effect == proof_.effect) return {};
    return wrong(fmt::format("the pairs say \"{}\"", *effect));
  }

  Result<void> compare_runs() {
    std::size_t here = 0;
    for (const CitedRun& run : proof_.runs) {
      OE_TRY(const auto journal, context_.journal(run.id));
      if (!journal) continue;
      ++here;
      if (sha256_hex(*journal) == run.sha256) continue;
      see("the cited runs are as they were", wrong(fmt::format("the journal of {} is another one", run.id.text)));
      return {};
    }
    see("the cited runs are as they were", {}, fmt::format("{} of {} are here", here, proof_.runs.size()));
    return {};
  }

  const VerifyContext& context_;
  const git::Oid& id_;
  git::Commit commit_;
  Claim claim_;
  Proof proof_;
  std::vector<Check> checks_;
};

}  // namespace

bool Verification::holds() const {
  return std::ranges::all_of(checks, &Check::holds);
}

Result<Verification> verify(const VerifyContext& context, const git::Oid& commit) {
  OE_TRY(const git::Commit found, context.repository.commit(commit));
  OE_TRY(const Claim claim, read_claim(found, commit));
  Verification verification{.commit = commit, .fingerprint = claim.fingerprint, .effect = claim.effect};
  OE_TRY(verification.checks, Verifier(context, commit, found, claim).check_all());
  return verification;
}

}  // namespace oe::evolve
