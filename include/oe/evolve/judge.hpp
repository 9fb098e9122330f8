#pragma once

#include <string>
#include <vector>

#include "oe/evolve/proposal.hpp"
#include "oe/formats/reader.hpp"

namespace oe::evolve {

/// A workflow at a commit: what proposals are applied to.
struct Base {
  git::Oid commit;
  std::string workflow;   ///< relative to the root
  std::string directory;  ///< of the workflow, relative to the root; empty at the root
  formats::Reading reading;
};

/// A proposal written out against a base: whole files, paths relative to the root. Not proven yet.
struct Patch {
  std::vector<git::FileChange> files;
};

class ValidatedPatch;

/// Writes the operation out as changed files. Errors: failed, when the place is not there or cannot be
/// written safely.
Result<Patch> render(const git::Repository& repository, const Base& base, const Operation& operation);

/// Applies the patch in memory to the base's tree and checks everything that needs no run: the policy of what
/// may be touched, the workflow is still valid, the kind contract holds on the typed graph and on the raw
/// tree, and git's own diff of the result is what was meant. Errors: failed, with the reason.
Result<ValidatedPatch> validate(git::Repository& repository, const Base& base, const Proposal& proposal,
                                const Patch& patch, const git::Identity& identity, Timestamp time);

/// A patch that passed validate(), the only place that can make one. Its commit exists in the object store
/// and is named by no ref.
class ValidatedPatch {
 public:
  const git::Oid& commit() const { return commit_; }
  const std::string& diff() const { return diff_; }
  const Patch& patch() const { return patch_; }

 private:
  friend Result<ValidatedPatch> validate(git::Repository&, const Base&, const Proposal&, const Patch&,
                                         const git::Identity&, Timestamp);
  ValidatedPatch() = default;
  git::Oid commit_;
  std::string diff_;
  Patch patch_;
};

/// The promise of each kind of operation, on graphs and raw trees. Error: failed, naming what else changed.
Result<void> check_contract(const Proposal& proposal, const formats::Reading& before, const formats::Reading& after,
                            const Patch& patch, const Base& base);

}  // namespace oe::evolve
