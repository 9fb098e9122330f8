#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/evolve/evolve.hpp"

#include "cli/commands.hpp"
#include "cli/refresh.hpp"
#include "cli/session.hpp"
#include "cli/submission.hpp"
#include "cli/submit_facts.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;
using ledger::ProposalRecord;
using ledger::ProposalStatus;

Json to_json(const ProposalRecord& proposal, const Submitted& done) {
  Json json{{"fingerprint", proposal.fingerprint.text},
            {"action", to_string(done.action)},
            {"branch", proposal.branch},
            {"title", done.written.title},
            {"body", done.written.body},
            {"compare_url", done.compare_url}};
  if (done.action == Submitted::Action::pushed) return json;
  json["url"] = done.request.url;
  json["number"] = done.request.number;
  json["draft"] = done.request.is_draft;
  return json;
}

void print_by_hand(Io& io, const forge::Written& written, const std::string& compare_url) {
  io.line(written.title + "\n");
  io.line(written.body);
  if (!compare_url.empty()) io.line("\n" + compare_url);
}

void print(Io& io, const ProposalRecord& proposal, const Submitted& done, const SubmitDesk& desk) {
  if (done.action != Submitted::Action::pushed)
    return io.line(fmt::format("{} {}: {}", to_string(done.action), done.request.url, done.request.title));
  print_by_hand(io, done.written, done.compare_url);
  io.note(fmt::format("oe: {} is pushed, and no change request was opened: {}", proposal.branch, desk.why_no_forge));
  if (!done.compare_url.empty()) io.note("oe: open it at the address above, with the text above");
}

// What would be written, without asking or telling anybody.
Result<int> rehearse(Io& io, const Session& session, const ProposalRecord& proposal, const SubmitOptions& options) {
  OE_TRY(const SubmitDesk desk, open_desk(session.place, options.remote, Contact::none));
  OE_TRY(const git::Oid tip, git::commit_of(session.place, "refs/heads/" + proposal.branch));
  Submitted would{.written = forge::render(submit_facts(session, proposal, desk.remote, tip.text))};
  const std::string& base = options.base.empty() ? desk.settings.base : options.base;
  if (desk.kind && desk.home && !base.empty())
    would.compare_url = forge::compare_url(*desk.kind, *desk.home, base, proposal.branch);
  if (options.json) {
    Json json = to_json(proposal, would);
    json["v"] = 1;
    json["action"] = "none";
    for (const char* name : {"url", "number", "draft"}) json.erase(name);
    io.json(json);
    return 0;
  }
  print_by_hand(io, would.written, would.compare_url);
  io.note("oe: a dry run: nothing was pushed or opened");
  return 0;
}

Result<void> require_open(const ProposalRecord& proposal) {
  if (proposal.status == ProposalStatus::open) return {};
  return fail(
      ErrorKind::input,
      fmt::format("proposal {} is {} and not open", proposal.fingerprint.text.substr(0, 8), to_string(proposal.status)),
      "oe proposals lists what is open");
}

Result<int> submit_one(Io& io, Session& session, const SubmitOptions& options) {
  OE_TRY(const ProposalRecord proposal, evolve::find_proposal(session.ledger, options.id));
  OE_CHECK(require_open(proposal));
  if (options.dry_run) return rehearse(io, session, proposal, options);
  OE_TRY(const sys::FileLock held, evolve::lock_proposals(session.ledger));
  OE_TRY(SubmitDesk desk, open_desk(session.place, options.remote, Contact::forge));
  Submission submission(session, desk);
  OE_TRY(const Submitted done, submission.submit(proposal, {.base = options.base, .draft = options.draft}));
  if (!options.json) return print(io, proposal, done, desk), 0;
  Json json = to_json(proposal, done);
  json["v"] = 1;
  io.json(json);
  return 0;
}

// One after the other; what a limit or somebody's work keeps back is told and is no failure.
Result<int> submit_all(Io& io, Session& session, const SubmitOptions& options) {
  OE_TRY(const sys::FileLock held, evolve::lock_proposals(session.ledger));
  OE_TRY(SubmitDesk desk, open_desk(session.place, options.remote, Contact::forge));
  Submission submission(session, desk);
  OE_TRY(const auto records, session.ledger.proposals());
  Json list = Json::array();
  for (const ProposalRecord& proposal : records) {
    if (proposal.status != ProposalStatus::open) continue;
    const auto done = submission.submit(proposal, {.base = options.base, .draft = options.draft, .asked = false});
    if (!done && done.error().kind() != ErrorKind::failed) return fail(done.error());
    if (!done) {
      list.push_back({{"fingerprint", proposal.fingerprint.text}, {"action", "kept"}, {"why", done.error().message()}});
      io.note(
          fmt::format("oe: {} is not submitted: {}", proposal.fingerprint.text.substr(0, 8), done.error().message()));
      continue;
    }
    list.push_back(to_json(proposal, *done));
    if (!options.json) print(io, proposal, *done, desk);
  }
  if (options.json) io.json({{"v", 1}, {"proposals", std::move(list)}});
  return 0;
}

Result<void> require_sense(const SubmitOptions& options) {
  const int chosen = (options.id.empty() ? 0 : 1) + (options.all ? 1 : 0) + (options.refresh ? 1 : 0);
  const bool is_one_thing = chosen == 1 || (options.all && options.refresh && options.id.empty());
  if (is_one_thing && options.dry_run && options.id.empty())
    return fail(ErrorKind::usage, "--dry-run is of one proposal", "oe submit ID --dry-run");
  if (is_one_thing) return {};
  return fail(ErrorKind::usage, "name one proposal, or --all, or --refresh", "oe proposals lists them");
}

}  // namespace

Result<int> submit(Io& io, const SubmitOptions& options) {
  OE_CHECK(require_sense(options));
  OE_TRY(Session session, open_session(io, "."));
  if (options.refresh) {
    OE_TRY(const auto learnt, refresh_requests(session, options.remote));
    if (!options.all) return print_learnt(io, learnt, options.json), 0;
    if (!options.json) print_learnt(io, learnt, false);
  }
  return options.all ? submit_all(io, session, options) : submit_one(io, session, options);
}

}  // namespace oe::cli
