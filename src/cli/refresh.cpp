#include "cli/refresh.hpp"

#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>

#include "oe/evolve/evolve.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(forge::RequestState state) {
  return state == forge::RequestState::merged ? "merged" : "closed";
}

}  // namespace

Result<std::vector<Learnt>> refresh_requests(Session& session, const std::string& remote) {
  OE_TRY(const sys::FileLock held, evolve::lock_proposals(session.ledger));
  OE_TRY(const auto records, session.ledger.proposals());
  std::map<std::string, SubmitDesk> desks;
  std::vector<Learnt> learnt;
  for (const ledger::ProposalRecord& proposal : records) {
    if (!has_live_request(proposal)) continue;
    const std::string& name = proposal.submission->request.remote;
    if (!remote.empty() && name != remote) continue;
    if (!desks.contains(name)) {
      OE_TRY(SubmitDesk desk, open_desk(session.place, name, Contact::forge));
      if (!desk.forge)
        return fail(ErrorKind::environment,
                    fmt::format("the remote '{}' cannot be asked: {}", name, desk.why_no_forge));
      desks.emplace(name, std::move(desk));
    }
    OE_TRY(auto one, Submission(session, desks.at(name)).refresh(proposal));
    if (one) learnt.push_back(std::move(*one));
  }
  return learnt;
}

void print_learnt(Io& io, const std::vector<Learnt>& learnt, bool json) {
  Json list = Json::array();
  for (const Learnt& one : learnt) {
    const std::string& url = one.proposal.submission->request.url;
    if (!json) io.line(fmt::format("{}  {}  {}", one.proposal.fingerprint.text.substr(0, 8), told(one), url));
    list.push_back({{"fingerprint", one.proposal.fingerprint.text},
                    {"url", url},
                    {"state", to_string(one.state)},
                    {"who", one.who},
                    {"why", one.why}});
  }
  if (json) io.json({{"v", 1}, {"decided", std::move(list)}});
  if (!json && learnt.empty()) io.note("oe: nothing was decided on the forge since");
}

}  // namespace oe::cli
