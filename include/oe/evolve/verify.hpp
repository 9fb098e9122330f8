#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// One thing that must hold of a proposal's commit.
struct Check {
  std::string what;     ///< e.g. "the verdict follows from the pairs"
  std::string finding;  ///< what was seen; of one that does not hold: what is wrong
  bool holds = true;
};

struct Verification {
  git::Oid commit;
  Fingerprint fingerprint;
  std::string effect;
  std::vector<Check> checks;  ///< in the order in which they rest on each other; the first that fails ends some of them
  bool holds() const;
};

struct VerifyContext {
  git::Repository& repository;
  const sys::Clock& clock;
  git::Identity identity;      ///< of scratch commits, which no ref names
  std::filesystem::path root;  ///< of the main working tree
  /// The journal of a run as it travels; nothing where it is not here.
  std::function<Result<std::optional<std::string>>(const RunId&)> journal;
};

/// Derives the verdict on a proposal's commit again, offline and without running anything, from the commit, its
/// trailers and refs/oe/evidence: the change is the promised operation and nothing else, the contract and the policy of
/// its base hold, the measures are those that oe uses for such a promise, the gate comes to the same words, and the
/// journals that are here are those that were cited. Also of a commit that was cherry-picked or rebased.
/// Errors: input (the commit is no proposal of oe, or is not there), environment. What does not hold is no Error.
Result<Verification> verify(const VerifyContext& context, const git::Oid& commit);

}  // namespace oe::evolve
