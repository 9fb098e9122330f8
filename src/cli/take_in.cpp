#include "cli/take_in.hpp"

#include <fmt/core.h>

#include "oe/hooks/history.hpp"

namespace oe::cli {

namespace {

Result<std::vector<hooks::Waiting>> waiting_ones(Session& session) {
  OE_TRY(const auto proposals, session.ledger.proposals());
  std::vector<hooks::Waiting> waiting;
  for (const ledger::ProposalRecord& proposal : proposals)
    if (proposal.status == ledger::ProposalStatus::open)
      waiting.push_back({proposal.fingerprint.text, proposal.made.base, proposal.commit});
  return waiting;
}

Result<void> record_landed(Io& io, Session& session, const std::string& head) {
  OE_TRY(const auto waiting, waiting_ones(session));
  OE_TRY(const auto all, hooks::landed(session.place, head, waiting));
  for (const hooks::Landed& landed : all) {
    OE_CHECK(session.ledger.record({Fingerprint{landed.fingerprint}, sys::system_clock().now(),
                                    ledger::ProposalTaken{.commit = landed.commit, .how = landed.how}}));
    io.note(fmt::format("oe: proposal {} became history with {}", landed.fingerprint.substr(0, 8),
                        landed.commit.substr(0, 12)));
  }
  return {};
}

}  // namespace

Result<void> take_in_history(Io& io, Session& session) {
  if (!hooks::has_moved(session.place, session.ledger.directory())) return {};
  OE_TRY(const auto waiting, waiting_ones(session));
  if (waiting.empty()) return {};
  return hooks::take_history(session.place, session.ledger.directory(),
                             [&](const std::string& head) { return record_landed(io, session, head); });
}

}  // namespace oe::cli
