#include "evolve/inquiry.hpp"

#include <set>

#include "evolve/tree_files.hpp"

namespace oe::evolve {

namespace {

// What the search itself has made is told with its ideas.
Result<std::vector<ledger::ProposalRecord>> earlier_proposals(const EvolveContext& context, const Question& question) {
  const std::string& workflow = question.ground.base().workflow;
  std::set<Fingerprint> own;
  for (const Idea& idea : question.ideas) own.insert(fingerprint(idea.proposal, workflow));
  OE_TRY(auto records, context.ledger.proposals());
  std::erase_if(records, [&](const ledger::ProposalRecord& record) {
    return record.made.workflow != workflow || own.contains(record.fingerprint);
  });
  return records;
}

Result<void> passes_checks(const JudgeContext& judge, const Base& base, const Proposal& proposal) {
  OE_TRY(const Patch patch, render(judge.repository, base, proposal.operation));
  OE_CHECK(check(judge, base, proposal.operation, patch));
  return {};
}

}  // namespace

Result<Advice> inquire(const EvolveContext& context, const EvolveOptions& options, const JudgeContext& judge,
                       Consent& consent, const Question& question) {
  if (question.hearing.model && !options.dry_run) OE_CHECK(consent.ask());
  OE_TRY(auto earlier, earlier_proposals(context, question));
  const Base& base = question.ground.base();
  Hearing hearing = question.hearing;
  hearing.usd = judge.purse->usd_left();
  OE_TRY(Advice advice, counsel(context, options, hearing,
                                {.evidence = question.ground.basis().evidence,
                                 .base = base,
                                 .files = files_of(context.repository, base.commit, base.directory),
                                 .earlier = std::move(earlier),
                                 .ideas = question.ideas,
                                 .place = question.place,
                                 .check = [&](const Proposal& one) { return passes_checks(judge, base, one); },
                                 .progress = context.progress}));
  if (advice.spend) judge.purse->pay_advisor(advice.spend->usd.value_or(0));
  return advice;
}

}  // namespace oe::evolve
