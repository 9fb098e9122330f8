#include "oe/evolve/rebase.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/evolve_desk.hpp"

namespace oe::cli {

namespace {

using evolve::Judged;
using evolve::Rebased;

bool is_done(const Rebased& rebased) {
  return rebased.judged.fate == Judged::Fate::committed;
}

void print_rebased(Io& io, const Rebased& rebased) {
  const std::string id = rebased.judged.fingerprint.text.substr(0, 8);
  const std::string onto = rebased.base.text.substr(0, 12);
  if (is_done(rebased)) {
    io.line(fmt::format("rebased {} from {} onto {}: {}", id, rebased.old_base.text.substr(0, 12), onto,
                        rebased.judged.proposal.title));
    io.line("  trial:   " + rebased.judged.effect + " (anew: the proof of the old base does not count)");
    io.line("  branch:  " + rebased.judged.branch);
    io.line(rebased.range_diff);
    return;
  }
  io.line(fmt::format("{} is {} {}: {}", id, rebased.is_closed ? "not proven on" : "refused on", onto,
                      rebased.judged.reason));
  io.line(rebased.is_closed ? "  it is closed: oe undo takes that back" : "  it stays open where it was");
}

}  // namespace

Result<int> rebase(Io& io, const RebaseOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const ledger::ProposalRecord proposal, evolve::find_proposal(session.ledger, options.id));
  OE_TRY(const auto desk,
         EvolveDesk::open(session, options.models,
                          {"oe rebase " + proposal.fingerprint.text.substr(0, 8), true, proposal.fingerprint}));
  evolve::EvolveOptions how{.sandbox = !options.no_sandbox,
                            .commits = {.signoff = options.signoff, .verify = !options.no_verify}};
  for (const std::string& limit : options.limits) OE_CHECK(evolve::add_limit(how.limits, limit));
  const auto context = desk->context([&](const std::string& text) {
    if (!options.json) io.note(text);
  });
  OE_TRY(const Rebased rebased, evolve::rebase(context, proposal, how));
  if (options.json)
    io.json({{"v", 1},
             {"fingerprint", rebased.judged.fingerprint.text},
             {"rebased", is_done(rebased)},
             {"closed", rebased.is_closed},
             {"reason", rebased.judged.reason},
             {"effect", rebased.judged.effect},
             {"branch", rebased.judged.branch},
             {"old_base", rebased.old_base.text},
             {"base", rebased.base.text},
             {"old_commit", rebased.old_commit.text},
             {"commit", rebased.judged.commit},
             {"range_diff", rebased.range_diff}});
  else
    print_rebased(io, rebased);
  return is_done(rebased) ? 0 : 1;
}

}  // namespace oe::cli
