#include "evolve/recall.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/git/trailers.hpp"

#include "evolve/evidence_ref.hpp"

namespace oe::evolve {

namespace {

Confidence confidence_in(const std::string& word) {
  for (const Confidence one : {Confidence::medium, Confidence::high})
    if (to_string(one) == word) return one;
  return Confidence::low;
}

std::vector<Citation> citations_in(const Value& change) {
  std::vector<Citation> citations;
  const Value evidence = change.get("evidence");
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    const nlohmann::json& one = evidence.json()[i];
    citations.push_back({RunId{one.value("run", "")}, one.value("event", std::uint64_t{0})});
  }
  return citations;
}

}  // namespace

Result<Proposal> recall(const git::Repository& repository, const ledger::ProposalRecord& record) {
  OE_TRY(const git::Commit commit, repository.commit({record.commit}));
  const auto tree = git::find_trailer(git::trailers(commit.message), "Oe-Evidence");
  if (!tree)
    return fail(ErrorKind::input, fmt::format("the commit {} names no evidence", record.commit),
                "make it again: oe evolve");
  OE_TRY(const Proof proof, read_evidence(repository, record.fingerprint, {*tree}));
  Proposal proposal{.title = record.made.title,
                    .rationale = record.made.rationale,
                    .confidence = confidence_in(record.made.confidence),
                    .expectation = proof.expectation};
  OE_TRY(proposal.operation, operation_of(record.made.change));
  proposal.finding = {.rule = record.made.rule,
                      .node = proof.expectation.node,
                      .claim = "it was proven before, on another base",
                      .citations = citations_in(record.made.change)};
  return proposal;
}

}  // namespace oe::evolve
