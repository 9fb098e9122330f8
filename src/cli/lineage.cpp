#include "oe/evolve/lineage.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/evolve/evolve.hpp"

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestReason = 160;

std::string result_of(const ledger::ProposalRecord& proposal) {
  const std::string shown = evolve::outcome_text(proposal.outcome);
  return shown.empty() ? proposal.effect : shown;
}

Json node_json(const evolve::Lineage& lineage, std::size_t position) {
  const ledger::ProposalRecord& proposal = lineage.proposals[position];
  Json children = Json::array();
  for (const std::size_t child : lineage.children[position]) children.push_back(node_json(lineage, child));
  return {{"fingerprint", proposal.fingerprint.text},
          {"title", proposal.made.title},
          {"status", to_string(proposal.status)},
          {"generation", proposal.made.generation},
          {"arm", proposal.made.arm},
          {"advisor", proposal.made.advisor},
          {"verdict", proposal.outcome.verdict},
          {"pairs", proposal.outcome.pairs},
          {"wins", proposal.outcome.wins},
          {"losses", proposal.outcome.losses},
          {"effect", proposal.effect},
          {"reason", proposal.reason},
          {"branch", proposal.branch},
          {"commit", proposal.commit},
          {"children", std::move(children)}};
}

Json forest_json(const evolve::Lineage& lineage) {
  Json roots = Json::array();
  for (const evolve::Lineage::Root& root : lineage.roots) {
    Json proposals = Json::array();
    for (const std::size_t position : root.proposals) proposals.push_back(node_json(lineage, position));
    roots.push_back({{"workflow", root.workflow}, {"base", root.base}, {"proposals", std::move(proposals)}});
  }
  return {{"v", 1}, {"roots", std::move(roots)}};
}

void print_row(Io& io, const evolve::Lineage& lineage, const evolve::LineageRow& row) {
  if (row.depth == 0) {
    const evolve::Lineage::Root& root = lineage.roots[row.position];
    return io.line(io.paint(Colour::bold, root.workflow) + " at " + root.base.substr(0, 12));
  }
  const ledger::ProposalRecord& proposal = lineage.proposals[row.position];
  const std::string indent(2 * row.depth, ' ');
  io.line(fmt::format("{}{}  {}  {}", indent, io.paint(Colour::bold, proposal.fingerprint.text.substr(0, 8)),
                      to_string(proposal.status), proposal.made.title));
  const std::string result = result_of(proposal);
  if (!result.empty()) io.line(fmt::format("{}          {}", indent, result));
  const bool is_closed = proposal.status == ledger::ProposalStatus::unproven ||
                         proposal.status == ledger::ProposalStatus::rejected;
  if (is_closed && !proposal.reason.empty())
    io.line(fmt::format("{}          {}", indent, io.paint(Colour::dim, ellipsis(proposal.reason, kLongestReason))));
}

}  // namespace

Result<int> lineage(Io& io, const LineageOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  OE_TRY(auto records, session.ledger.proposals());
  evolve::Lineage lineage = evolve::lineage(std::move(records));
  if (!options.id.empty()) {
    OE_TRY(const ledger::ProposalRecord proposal, evolve::find_proposal(session.ledger, options.id));
    lineage = around(lineage, proposal.fingerprint);
  }
  if (options.dot) {
    io.line(to_dot(lineage));
  } else if (options.json) {
    io.json(forest_json(lineage));
  } else {
    for (const evolve::LineageRow& row : rows(lineage)) print_row(io, lineage, row);
    if (lineage.proposals.empty()) io.note("no proposals yet; make some: oe evolve");
  }
  return 0;
}

}  // namespace oe::cli
