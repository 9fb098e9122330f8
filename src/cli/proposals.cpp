#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/evolve/evolve.hpp"

#include "cli/calibration.hpp"
#include "cli/commands.hpp"
#include "cli/refresh.hpp"
#include "cli/session.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;
using ledger::ProposalRecord;
using ledger::ProposalStatus;

// The proposal that it takes back; empty for any other kind.
std::string reverted_by(const ProposalRecord& proposal) {
  return proposal.made.operation == "revert" ? proposal.made.change.get("proposal").string_or("") : "";
}

Json to_json(const ProposalRecord& proposal) {
  Json runs = Json::array();
  for (const RunId& run : proposal.made.runs) runs.push_back(run.text);
  return {{"fingerprint", proposal.fingerprint.text},
          {"status", to_string(proposal.status)},
          {"operation", proposal.made.operation},
          {"target", proposal.made.target},
          {"title", proposal.made.title},
          {"rationale", proposal.made.rationale},
          {"confidence", proposal.made.confidence},
          {"rule", proposal.made.rule},
          {"workflow", proposal.made.workflow},
          {"runs", std::move(runs)},
          {"change", Json::parse(proposal.made.change.dump())},
          {"made_at", to_rfc3339(proposal.made_at)},
          {"effect", proposal.effect},
          {"reason", proposal.reason},
          {"branch", proposal.branch},
          {"commit", proposal.commit},
          {"request", proposal.submission ? proposal.submission->request.url : ""},
          {"base", proposal.made.base},
          {"parent", proposal.made.parent.text},
          {"reverts", reverted_by(proposal)},
          {"generation", proposal.made.generation},
          {"diff", proposal.made.diff}};
}

void print_evidence(Io& io, const ProposalRecord& proposal) {
  const Value evidence = proposal.made.change.get("evidence");
  for (const auto& citation : evidence.json()) {
    io.line(fmt::format("  {} event {}", citation.value("run", ""), citation.value("event", 0)));
  }
}

void print_proposal(Io& io, const ProposalRecord& proposal) {
  io.line(fmt::format("{}  {}  {}", io.paint(Colour::bold, proposal.fingerprint.text.substr(0, 8)),
                      to_string(proposal.status), proposal.made.title));
  Table table;
  table.row({"operation", proposal.made.operation + " on " + proposal.made.target});
  table.row({"confidence", proposal.made.confidence + " (rule " + proposal.made.rule + ")"});
  table.row({"workflow", proposal.made.workflow + " at " + proposal.made.base.substr(0, 12)});
  const std::string taken_back = reverted_by(proposal);
  if (!taken_back.empty()) table.row({"takes back", taken_back.substr(0, 8)});
  if (!proposal.made.parent.empty()) table.row({"stands on", proposal.made.parent.text.substr(0, 8)});
  if (!proposal.effect.empty()) table.row({"trial", proposal.effect});
  if (!proposal.reason.empty()) table.row({"reason", proposal.reason});
  if (!proposal.branch.empty()) table.row({"branch", proposal.branch});
  if (proposal.submission) table.row({"request", proposal.submission->request.url});
  table.print(io, "  ");
  io.line("\n" + proposal.made.rationale + "\n\nevidence:");
  print_evidence(io, proposal);
  io.line("\n" + proposal.made.diff);
  if (proposal.status != ProposalStatus::open) return;
  const std::string id = proposal.fingerprint.text.substr(0, 8);
  io.line(fmt::format("oe accept {}    or    oe reject {} --why \"...\"", id, id));
}

}  // namespace

Result<int> proposals(Io& io, const ProposalsOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  if (options.refresh) OE_CHECK(refresh_requests(session, ""));
  if (options.calibration) {
    return print_calibration(io, session, options.json).map([] { return 0; });
  }
  OE_TRY(const auto records, session.ledger.proposals());
  Json list = Json::array();
  Table table;
  for (const ProposalRecord& proposal : records) {
    if (!options.all && !options.json && proposal.status != ProposalStatus::open) continue;
    list.push_back(to_json(proposal));
    table.row({proposal.fingerprint.text.substr(0, 8), std::string(to_string(proposal.status)),
               proposal.made.confidence, proposal.made.operation, proposal.made.title, proposal.branch});
  }
  if (options.json)
    io.json({{"v", 1}, {"proposals", std::move(list)}});
  else if (list.empty())
    io.note("no open proposals; make some: oe evolve");
  else
    table.print(io);
  return 0;
}

Result<int> show_proposal(Io& io, const ProposalOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  OE_TRY(const ProposalRecord proposal, evolve::find_proposal(session.ledger, options.id));
  if (options.json)
    io.json(to_json(proposal));
  else
    print_proposal(io, proposal);
  return 0;
}

}  // namespace oe::cli
