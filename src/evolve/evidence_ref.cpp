#include "evolve/evidence_ref.hpp"

#include <fmt/core.h>
#include <set>
#include <sys/utsname.h>
#include <thread>

#include "oe/base/digest.hpp"

namespace oe::evolve {

namespace {

std::string this_machine() {
  utsname name{};
  if (uname(&name) != 0) return {};
  return fmt::format("{} {} {}, {} processors", name.sysname, name.release, name.machine,
                     std::thread::hardware_concurrency());
}

/// Whether a version of the evidence, the tip or one behind it, has that tree.
Result<bool> has_tree(const git::Repository& repository, const git::Oid& tip, const git::Oid& tree) {
  std::set<git::Oid> seen{tip};
  std::vector<git::Oid> open{tip};
  while (!open.empty()) {
    const git::Oid at = open.back();
    open.pop_back();
    OE_TRY(const git::Commit commit, repository.commit(at));
    if (commit.tree == tree) return true;
    for (const git::Oid& parent : commit.parents)
      if (seen.insert(parent).second) open.push_back(parent);
  }
  return false;
}

}  // namespace

Result<std::string> travelling_journal(const ReadEvents& events, const RunId& run, const Redactor& redactor) {
  std::string journal;
  OE_CHECK(events(run, [&](const ledger::Event& event) { journal += redactor.text(to_json_line(event)) + "\n"; }));
  return journal;
}

Result<Proof> proof_of(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                       const Fingerprint& fingerprint, const ValidatedPatch& patch) {
  Proof proof{.fingerprint = fingerprint,
              .workflow = basis.base.workflow,
              .base = basis.base.commit,
              .tree = patch.checked().tree,
              .operation = proposal.operation,
              .expectation = proposal.expectation,
              .shown = patch.shown(),
              .effect = patch.effect(),
              .machine = this_machine()};
  for (const RunId& run : basis.events ? named_runs(proposal.finding) : std::vector<RunId>()) {
    OE_TRY(const std::string journal, travelling_journal(basis.events, run, context.redactor));
    proof.runs.push_back({run, sha256_hex(journal)});
  }
  return proof;
}

Result<git::Oid> write_evidence(const JudgeContext& context, const Proof& proof) {
  git::Repository& repository = context.repository;
  const std::string name = evidence_ref(proof.fingerprint);
  OE_TRY(const git::Oid tree, repository.write_tree({}, {{.path = kProofFile, .bytes = to_json_text(proof)}}));
  OE_TRY(const std::optional<git::Oid> before, repository.ref(name));
  std::vector<git::Oid> parents;
  if (before) {
    OE_TRY(const git::Commit tip, repository.commit(*before));
    if (tip.tree == tree) return tree;
    parents.push_back(*before);
  }
  const std::string message = fmt::format("oe: evidence of {}\n\n{}\n", proof.fingerprint.text.substr(0, 8), proof.effect);
  OE_TRY(const git::Oid commit,
         repository.write_commit(tree, parents, message, context.identity, context.clock.now()));
  OE_CHECK(repository.set_ref(name, commit, before));
  return tree;
}

Result<Proof> read_evidence(const git::Repository& repository, const Fingerprint& fingerprint, const git::Oid& tree) {
  const std::string name = evidence_ref(fingerprint);
  OE_TRY(const std::optional<git::Oid> tip, repository.ref(name));
  if (!tip)
    return fail(ErrorKind::input, name + " is not in this clone", "fetch it: oe sync fetch");
  OE_TRY(const bool is_there, has_tree(repository, *tip, tree));
  if (!is_there) return fail(ErrorKind::input, fmt::format("{} never had the tree {}", name, tree.text));
  OE_TRY(const auto file, repository.read(tree, kProofFile));
  if (!file) return fail(ErrorKind::input, fmt::format("{} has no {}", name, kProofFile));
  return parse_proof(file->bytes);
}

}  // namespace oe::evolve
