#include "cli/submission.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/git/exchange.hpp"

#include "cli/submit_facts.hpp"

namespace oe::cli {

namespace {

using forge::ChangeRequest;
using forge::PushPlan;
using ledger::ProposalRecord;
using ledger::ProposalStatus;

std::vector<forge::OpenedRequest> opened_requests(const std::vector<ProposalRecord>& records) {
  std::vector<forge::OpenedRequest> requests;
  for (const ProposalRecord& record : records) {
    if (!record.submission) continue;
    const std::string& url = record.submission->request.url;
    const bool is_open = has_live_request(record);
    const auto same = std::ranges::find(requests, url, &forge::OpenedRequest::url);
    if (same == requests.end()) {
      requests.push_back({url, record.made.title, record.submission->opened_at, is_open});
    } else {  // another value of the same thing took it over
      same->opened_at = std::min(same->opened_at, record.submission->opened_at);
      same->is_open = same->is_open || is_open;
    }
  }
  return requests;
}

Error refused(const ProposalRecord& proposal, const std::string& remote, const std::string& why) {
  return {ErrorKind::failed, fmt::format("{} on {} is left as it is: {}", proposal.branch, remote, why),
          fmt::format("merge it there as it is now, or close the request; to have oe's own version instead: "
                      "git push {} --delete {}, then oe submit again",
                      remote, proposal.branch)};
}

}  // namespace

std::string_view to_string(Submitted::Action action) {
  constexpr std::string_view kNames[] = {"opened", "updated", "unchanged", "pushed"};
  return kNames[static_cast<std::size_t>(action)];
}

bool has_live_request(const ProposalRecord& proposal) {
  if (!proposal.submission || proposal.submission->closed_by_oe) return false;
  return proposal.status != ProposalStatus::accepted;
}

std::string told(const Learnt& learnt) {
  const std::string by = learnt.who.empty() ? "" : " by " + learnt.who;
  if (learnt.state == forge::RequestState::merged) return "merged" + by;
  return fmt::format("closed{}: {}", by, learnt.why);
}

Result<void> Submission::record(const ProposalRecord& proposal, ledger::ProposalBody body) {
  return session_.ledger.record({proposal.fingerprint, sys::system_clock().now(), std::move(body)});
}

// A branch may have been that of another value of the same thing before, and may stand on another proposal.
Result<bool> Submission::is_ours(const std::string& commit) const {
  OE_TRY(const auto records, session_.ledger.proposals());
  return std::ranges::any_of(records, [&](const ProposalRecord& record) {
    return std::ranges::find(record.commits, commit) != record.commits.end();
  });
}

Result<std::optional<ChangeRequest>> Submission::open_request(const ProposalRecord& proposal) {
  if (!desk_.forge) return std::nullopt;
  if (has_live_request(proposal)) {
    OE_TRY(ChangeRequest request, desk_.forge->read(proposal.submission->request.number));
    if (request.state == forge::RequestState::open) return request;
    OE_TRY(const Learnt learnt, learn(proposal, request));
    return fail(ErrorKind::failed, fmt::format("{} was {}", request.url, told(learnt)),
                "oe proposals lists what is open");
  }
  return desk_.forge->find_open(proposal.branch);
}

Result<void> Submission::require_room(const SubmitOrder& order) {
  OE_TRY(const auto records, session_.ledger.proposals());
  const auto why = forge::over_limit(desk_.settings, opened_requests(records), sys::system_clock().now(), order.asked);
  return why ? Result<void>(fail(*why)) : Result<void>();
}

Result<bool> Submission::has_others(const ChangeRequest& request, std::string& who) {
  OE_TRY(const forge::Activity activity, desk_.forge->activity(request.number));
  if (!activity.reviewers.empty()) return who = activity.reviewers.back() + " has reviewed it", true;
  for (const std::string& commit : activity.commits) {
    OE_TRY(const bool ours, is_ours(commit));
    if (!ours) return who = fmt::format("commit {} there is not of oe", commit.substr(0, 12)), true;
  }
  return false;
}

Result<void> Submission::push(const ProposalRecord& proposal, const std::string& tip, const forge::RemoteState& remote,
                              const std::optional<ChangeRequest>& there) {
  const auto& root = session_.place.root;
  forge::PushFacts facts{.tip = tip, .remote_tip = remote.tip};
  std::string who = fmt::format("commit {} there is not of oe", remote.tip.value_or("").substr(0, 12));
  if (remote.tip && *remote.tip != tip) {
    OE_TRY(facts.remote_tip_is_ours, is_ours(*remote.tip));
    facts.is_ancestor = git::is_ancestor(session_.place, {*remote.tip}, {tip}).value_or(false);  // or it is not here
    if (facts.remote_tip_is_ours && !desk_.forge) {
      facts.has_others = true;
      who = "it was made again, and without a token nobody can tell whether it was reviewed";
    } else if (facts.remote_tip_is_ours && there) {
      OE_TRY(facts.has_others, has_others(*there, who));
    }
  }
  switch (forge::plan_push(facts)) {
    case PushPlan::none:
      return {};
    case PushPlan::refuse:
      return fail(refused(proposal, desk_.remote, who));
    case PushPlan::replace:
      return forge::push(root, desk_.remote, tip, proposal.branch, remote.tip);
    case PushPlan::create:
    case PushPlan::forward:
      break;
  }
  return forge::push(root, desk_.remote, tip, proposal.branch, std::nullopt);
}

Result<Submitted> Submission::write(const ProposalRecord& proposal, const SubmitOrder& order, const std::string& base,
                                    forge::Written written, const std::optional<ChangeRequest>& there) {
  Submitted done{.written = written};
  if (!there) {
    done.action = Submitted::Action::opened;
    OE_TRY(done.request, desk_.forge->open({.branch = proposal.branch,
                                            .base = base,
                                            .title = written.title,
                                            .body = written.body,
                                            .draft = order.draft || desk_.settings.draft}));
    OE_CHECK(desk_.forge->add_labels(done.request.number, desk_.settings.labels));
    return done;
  }
  const forge::Written now{.title = there->title, .body = there->body};
  const forge::Written wanted = forge::merged(now, written);
  done.request = *there;
  if (wanted == now) return done;
  done.action = Submitted::Action::updated;
  OE_TRY(done.request, desk_.forge->update(*there, wanted.title, wanted.body));
  return done;
}

Result<Submitted> Submission::submit(const ProposalRecord& proposal, const SubmitOrder& order) {
  OE_TRY(const git::Oid tip, git::commit_of(session_.place, "refs/heads/" + proposal.branch));
  OE_TRY(const bool ours, is_ours(tip.text));
  if (!ours) {
    return fail(ErrorKind::failed, fmt::format("the branch {} has commits that oe did not make", proposal.branch),
                fmt::format("submit them as your own: git push {} {}", desk_.remote, proposal.branch));
  }
  OE_TRY(const auto there, open_request(proposal));
  if (!there && desk_.forge) OE_CHECK(require_room(order));
  OE_TRY(const forge::RemoteState remote, forge::ask_remote(session_.place.root, desk_.remote, proposal.branch));
  const std::string& configured = order.base.empty() ? desk_.settings.base : order.base;
  const std::string& base = configured.empty() ? remote.default_branch : configured;
  if (base.empty())
    return fail(ErrorKind::failed, fmt::format("'{}' does not say which of its branches is the main one", desk_.remote),
                "name it: oe submit ID --base BRANCH");
  OE_CHECK(push(proposal, tip.text, remote, there));
  forge::Written written = forge::render(submit_facts(session_, proposal, desk_.remote, tip.text));
  if (!desk_.forge) {
    const std::string url =
        desk_.kind && desk_.home ? forge::compare_url(*desk_.kind, *desk_.home, base, proposal.branch) : "";
    return Submitted{.action = Submitted::Action::pushed, .written = std::move(written), .compare_url = url};
  }
  OE_TRY(Submitted done, write(proposal, order, base, std::move(written), there));
  const ledger::ProposalSubmitted now{.forge = std::string(forge::to_string(desk_.forge->kind())),
                                      .url = done.request.url,
                                      .number = done.request.number,
                                      .remote = desk_.remote,
                                      .commit = tip.text};
  const bool is_known = has_live_request(proposal) && proposal.submission->request == now;
  if (!is_known) OE_CHECK(record(proposal, now));
  OE_CHECK(close_superseded(proposal));
  return done;
}

Result<void> Submission::close_superseded(const ProposalRecord& by) {
  OE_TRY(const auto records, session_.ledger.proposals());
  const auto current = std::ranges::find(records, by.fingerprint, &ProposalRecord::fingerprint);
  const std::string mark = "superseded by " + by.fingerprint.text.substr(0, 8);
  for (const ProposalRecord& old : records) {
    const bool is_superseded = old.status == ProposalStatus::unproven && old.reason == mark && has_live_request(old);
    if (!is_superseded) continue;
    if (old.submission->request.url == current->submission->request.url) {
      OE_CHECK(record(old, ledger::SubmissionClosed{mark + ", which has its request now"}));
      continue;
    }
    OE_CHECK(forge::say_once(*desk_.forge, old.submission->request.number, "superseded",
                             fmt::format("Superseded by {}.", current->submission->request.url)));
    OE_CHECK(desk_.forge->close(old.submission->request.number));
    OE_CHECK(record(old, ledger::SubmissionClosed{mark}));
  }
  return {};
}

}  // namespace oe::cli
