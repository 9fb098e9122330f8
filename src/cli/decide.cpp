#include <fmt/core.h>

#include "oe/evolve/evolve.hpp"

#include "cli/commands.hpp"
#include "cli/noted.hpp"
#include "cli/session.hpp"

namespace oe::cli {

namespace {

using ledger::ProposalRecord;

std::string short_name(const ProposalRecord& proposal) {
  return proposal.fingerprint.text.substr(0, 8);
}

evolve::AcceptOptions::Way way_of(const AcceptOptions& options) {
  using enum evolve::AcceptOptions::Way;
  if (options.pick) return pick;
  if (options.squash) return squash;
  return options.merge ? merge : forward;
}

}  // namespace

Result<int> accept(Io& io, const AcceptOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const ProposalRecord proposal, evolve::find_proposal(session.ledger, options.id));
  OE_TRY(const Noted noted, open_noted(session, {"oe accept " + short_name(proposal), true, proposal.fingerprint}));
  OE_TRY(const auto context, context_of(session, *noted.repository, noted.journal.get()));
  const evolve::AcceptOptions how{.way = way_of(options), .signoff = options.signoff, .verify = !options.no_verify};
  OE_TRY(const evolve::Accepted done, evolve::accept(context, proposal, how));
  io.line(fmt::format("accepted {} as {}: {}", proposal.fingerprint.text.substr(0, 8), done.commit.text.substr(0, 12),
                      proposal.made.title));
  if (!done.kept_branch.empty())
    io.line(fmt::format("the commits of others stay on their branch, too: git branch -D {}", done.kept_branch));
  return 0;
}

Result<int> reject(Io& io, const RejectOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const ProposalRecord proposal, evolve::find_proposal(session.ledger, options.id));
  OE_TRY(const Noted noted, open_noted(session, {"oe reject " + short_name(proposal), true, proposal.fingerprint}));
  OE_TRY(const auto context, context_of(session, *noted.repository, noted.journal.get()));
  OE_TRY(const auto fallen, evolve::reject(context, proposal, options.why));
  io.line(fmt::format("rejected {}: it will not be proposed again", proposal.fingerprint.text.substr(0, 8)));
  for (const ProposalRecord& child : fallen)
    io.line(fmt::format("closed {}, which stood on it: {}", child.fingerprint.text.substr(0, 8), child.made.title));
  return 0;
}

}  // namespace oe::cli
