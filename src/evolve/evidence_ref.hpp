#pragma once

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// The journal of a run as it may leave this machine: its lines without secrets, and without where things lie here.
Result<std::string> travelling_journal(const ReadEvents& events, const RunId& run, const Redactor& redactor);

/// What speaks for the patch, whole. Errors: those of reading the journals of the runs that the finding names.
Result<Proof> proof_of(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                       const Fingerprint& fingerprint, const ValidatedPatch& patch);

/// Puts the proof on top of what evidence_ref() has, and gives its tree. The same proof twice is one commit.
Result<git::Oid> write_evidence(const JudgeContext& context, const Proof& proof);

/// The proof whose tree is `tree`, at the ref or before. Errors: input (there is no such ref here, with what to type;
/// the ref never had that tree; it cannot be read).
Result<Proof> read_evidence(const git::Repository& repository, const Fingerprint& fingerprint, const git::Oid& tree);

}  // namespace oe::evolve
