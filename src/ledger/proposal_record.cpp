#include "oe/ledger/proposal_record.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "oe/base/box.hpp"

#include "ledger/wire.hpp"

namespace oe::ledger {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<ProposalBody>> kProposalTypes{
    "proposal.made",      "patch.accepted",    "patch.rejected",
    "proposal.committed", "proposal.accepted", "proposal.rejected",
    "proposal.submitted", "submission.closed", "proposal.reopened"};

template <class A>
void fields(A& a, In<A, ProposalMade>& body) {
  a.required("operation", body.operation);
  a.required("target", body.target);
  a.optional("title", body.title);
  a.optional("rationale", body.rationale);
  a.optional("confidence", body.confidence);
  a.optional("rule", body.rule);
  a.optional("workflow", body.workflow);
  a.optional("runs", body.runs);
  a.required("change", body.change);
  a.optional("diff", body.diff);
  a.optional("base", body.base);
  a.optional("parent", body.parent);
  a.optional("generation", body.generation);
  a.optional("arm", body.arm);
  a.optional("advisor", body.advisor);
}

template <class A>
void fields(A& a, In<A, ContestOutcome>& outcome) {
  a.optional("verdict", outcome.verdict);
  a.optional("metric", outcome.metric);
  a.optional("pairs", outcome.pairs);
  a.optional("wins", outcome.wins);
  a.optional("losses", outcome.losses);
  a.optional("cases", outcome.cases);
  a.optional("trials", outcome.trials);
}

template <class A>
void fields(A& a, In<A, PatchAccepted>& body) {
  a.optional("effect", body.effect);
  fields(a, body.outcome);
}

template <class A>
void fields(A& a, In<A, PatchRejected>& body) {
  a.required("reason", body.reason);
  fields(a, body.outcome);
}

template <class A>
void fields(A& a, In<A, ProposalCommitted>& body) {
  a.required("branch", body.branch);
  a.required("commit", body.commit);
}

template <class A>
void fields(A& a, In<A, ProposalTaken>& body) {
  a.required("commit", body.commit);
  a.optional("how", body.how);
}

template <class A>
void fields(A& a, In<A, ProposalRefused>& body) {
  a.required("why", body.why);
  a.optional("who", body.who);
}

template <class A>
void fields(A& a, In<A, ProposalSubmitted>& body) {
  a.required("forge", body.forge);
  a.required("url", body.url);
  a.required("number", body.number);
  a.optional("remote", body.remote);
  a.required("commit", body.commit);
}

template <class A>
void fields(A& a, In<A, SubmissionClosed>& body) {
  a.required("why", body.why);
}

template <class A>
void fields(A& a, In<A, ProposalReopened>& body) {
  a.required("branch", body.branch);
  a.required("commit", body.commit);
  a.optional("who", body.who);
}

void submit(ProposalRecord& record, const ProposalSubmitted& request, Timestamp time) {
  const bool is_new = !record.submission || record.submission->request.url != request.url;
  record.submission = {.request = request, .opened_at = is_new ? time : record.submission->opened_at};
}

// A human's no is final: making the same proposal again does not bring it back. The branch is there until it is proven.
void make_again(ProposalRecord& record, const ProposalMade& made, Timestamp time) {
  record.made = made;
  record.made_at = time;
  if (record.status == ProposalStatus::rejected) return;
  record.status = ProposalStatus::made;
  record.effect.clear();
  record.reason.clear();
  record.outcome = {};
}

// A proposal may lose its ground after it was proven: what its contest showed stays on record.
void take_outcome(ProposalRecord& record, const ContestOutcome& outcome) {
  if (!outcome.verdict.empty()) record.outcome = outcome;
}

bool is_decision(const ProposalEvent& event) {
  return std::holds_alternative<ProposalTaken>(event.body) || std::holds_alternative<ProposalRefused>(event.body) ||
         std::holds_alternative<ProposalReopened>(event.body);
}

void open_with(ProposalRecord& record, const std::string& branch, const std::string& commit) {
  record.status = ProposalStatus::open;
  record.branch = branch;
  record.commit = commit;
  record.commits.push_back(commit);
}

void reopen(ProposalRecord& record, const ProposalReopened& body) {
  open_with(record, body.branch, body.commit);
  record.reason.clear();
}

// So that clones which learn of each other's decisions in another order agree in the end.
bool comes_too_late(const ProposalRecord& record, const ProposalEvent& event) {
  if (!record.decided_at || event.time > *record.decided_at) return false;
  const bool is_no = std::holds_alternative<ProposalRefused>(event.body);
  return event.time < *record.decided_at || (is_decision(event) && !is_no);
}

void apply_to(ProposalRecord& record, const ProposalEvent& event) {
  if (comes_too_late(record, event)) return;
  if (is_decision(event)) record.decided_at = event.time;
  std::visit(overloaded{[&](const ProposalMade& body) { make_again(record, body, event.time); },
                        [&](const PatchAccepted& body) {
                          record.status = ProposalStatus::proven;
                          record.effect = body.effect;
                          take_outcome(record, body.outcome);
                        },
                        [&](const PatchRejected& body) {
                          record.status = ProposalStatus::unproven;
                          record.reason = body.reason;
                          take_outcome(record, body.outcome);
                        },
                        [&](const ProposalCommitted& body) { open_with(record, body.branch, body.commit); },
                        [&](const ProposalReopened& body) { reopen(record, body); },
                        [&](const ProposalTaken& body) {
                          record.status = ProposalStatus::accepted;
                          record.commit = body.commit;
                        },
                        [&](const ProposalRefused& body) {
                          record.status = ProposalStatus::rejected;
                          record.reason = body.why;
                        },
                        [&](const ProposalSubmitted& body) { submit(record, body, event.time); },
                        [&](const SubmissionClosed&) {
                          if (record.submission) record.submission->closed_by_oe = true;
                        }},
             event.body);
}

}  // namespace

std::string to_json_line(const ProposalEvent& event) {
  JsonText line;
  line.add("{\"v\":1");
  WireWriter writer(line);
  writer.required("type", kProposalTypes[event.body.index()]);
  writer.required("fingerprint", event.fingerprint);
  writer.required("ts", event.time);
  std::visit([&](const auto& body) { fields(writer, body); }, event.body);
  line.add('}');
  return std::string(line.view());
}

Result<ProposalEvent> parse_proposal_event(std::string_view line) {
  OE_TRY(const Value object, parse_line(line));
  WireReader reader(object);
  ProposalEvent event;
  std::string type = "?";
  reader.required("type", type);
  reader.required("fingerprint", event.fingerprint);
  reader.required("ts", event.time);
  if (!reader.problem().empty()) return fail(ErrorKind::input, type + ": " + reader.problem());
  auto body = empty_body<ProposalBody>(kProposalTypes, type);
  if (!body) return fail(ErrorKind::input, type + ": this oe does not know events of that type");
  std::visit([&](auto& known) { fields(reader, known); }, *body);
  if (!reader.problem().empty()) return fail(ErrorKind::input, type + ": " + reader.problem());
  event.body = std::move(*body);
  return event;
}

std::vector<ProposalRecord> fold_proposals(const std::vector<ProposalEvent>& events) {
  std::vector<ProposalRecord> records;
  for (const ProposalEvent& event : events) {
    auto record = std::ranges::find(records, event.fingerprint, &ProposalRecord::fingerprint);
    if (record == records.end()) record = records.insert(record, ProposalRecord{.fingerprint = event.fingerprint});
    apply_to(*record, event);
  }
  return records;
}

}  // namespace oe::ledger
