#include "oe/evolve/evolve.hpp"

#include <filesystem>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/session.hpp"

namespace oe::cli {

namespace {

using evolve::Judged;
using Json = nlohmann::ordered_json;

std::string_view word_of(Judged::Fate fate) {
  switch (fate) {
    case Judged::Fate::committed:
      return "committed";
    case Judged::Fate::unchanged:
      return "unchanged";
    case Judged::Fate::rejected_before:
      return "rejected before";
    case Judged::Fate::unproven:
      return "not proven";
    case Judged::Fate::refused:
      return "refused";
    case Judged::Fate::proposed:
      return "proposed";
  }
  return "";
}

Colour colour_of(Judged::Fate fate) {
  if (fate == Judged::Fate::committed || fate == Judged::Fate::proposed) return Colour::green;
  return fate == Judged::Fate::unproven || fate == Judged::Fate::refused ? Colour::yellow : Colour::dim;
}

void print_judged(Io& io, const Judged& judged) {
  const evolve::Proposal& proposal = judged.proposal;
  io.line(fmt::format("{}  {}  {} ({} confidence)", io.paint(Colour::bold, judged.fingerprint.text.substr(0, 8)),
                      io.paint(colour_of(judged.fate), word_of(judged.fate)), proposal.title,
                      to_string(proposal.confidence)));
  io.line("  because: " + proposal.finding.claim);
  if (!judged.effect.empty()) io.line("  trial:   " + judged.effect);
  if (!judged.reason.empty()) io.line("  reason:  " + judged.reason);
  if (!judged.branch.empty()) io.line("  branch:  " + judged.branch);
}

void print_human(Io& io, const evolve::EvolveReport& report, bool dry_run) {
  for (const std::string& note : report.notes) io.note("note: " + note);
  if (report.proposals.empty()) {
    io.line(fmt::format("no proposals: {} run{} of {} support no change", report.runs.size(),
                        report.runs.size() == 1 ? "" : "s", report.workflow));
  }
  for (const Judged& judged : report.proposals) {
    print_judged(io, judged);
    if (dry_run && !judged.diff.empty()) io.line(judged.diff);
  }
  if (!report.markdown.empty()) {
    io.line("written: " + report.markdown.lexically_proximate(std::filesystem::current_path()).string());
  }
}

Json to_json(const evolve::Finding& finding) {
  Json citations = Json::array();
  for (const evolve::Citation& citation : finding.citations) {
    citations.push_back({{"run", citation.run.text}, {"event", citation.event}});
  }
  return {{"rule", finding.rule},
          {"node", finding.node.text},
          {"claim", finding.claim},
          {"citations", std::move(citations)}};
}

Json to_json(const Judged& judged) {
  const evolve::Proposal& proposal = judged.proposal;
  return {{"fingerprint", judged.fingerprint.text},
          {"operation", operation_name(proposal.operation)},
          {"target", target_name(proposal.operation)},
          {"change", Json::parse(to_value(proposal.operation).dump())},
          {"title", proposal.title},
          {"rationale", proposal.rationale},
          {"confidence", to_string(proposal.confidence)},
          {"finding", to_json(proposal.finding)},
          {"fate", word_of(judged.fate)},
          {"reason", judged.reason},
          {"effect", judged.effect},
          {"branch", judged.branch},
          {"commit", judged.commit},
          {"diff", judged.diff}};
}

Json to_json(const evolve::EvolveReport& report) {
  Json runs = Json::array();
  for (const RunId& run : report.runs) runs.push_back(run.text);
  Json findings = Json::array();
  for (const evolve::Finding& finding : report.findings) findings.push_back(to_json(finding));
  Json proposals = Json::array();
  for (const Judged& judged : report.proposals) proposals.push_back(to_json(judged));
  return {{"v", 1},
          {"workflow", report.workflow},
          {"base", report.base.text},
          {"runs", std::move(runs)},
          {"notes", report.notes},
          {"findings", std::move(findings)},
          {"proposals", std::move(proposals)},
          {"markdown", report.markdown.string()}};
}

Result<evolve::EvolveOptions> resolve(const EvolveCommandOptions& options, const ledger::Ledger& ledger) {
  evolve::EvolveOptions resolved{.dry_run = options.dry_run, .sandbox = !options.no_sandbox};
  for (const std::string& name : options.runs) {
    OE_TRY(RunId run, ledger.resolve(name));
    resolved.runs.push_back(std::move(run));
  }
  return resolved;
}

// Without a home nothing was ever trusted, and evolve() says what to type.
std::optional<ledger::TrustStore> trusted() {
  auto store = ledger::TrustStore::open();
  return store ? std::optional(std::move(*store)) : std::nullopt;
}

}  // namespace

Result<int> evolve(Io& io, const EvolveCommandOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  OE_TRY(const evolve::EvolveOptions resolved, resolve(options, session.ledger));
  OE_TRY(const auto repository, git::open_repository(session.place));
  OE_TRY(git::Identity identity, git::user_identity(session.place));
  const evolve::EvolveContext context{.place = session.place,
                                      .repository = *repository,
                                      .ledger = session.ledger,
                                      .clock = sys::system_clock(),
                                      .identity = std::move(identity),
                                      .progress = [&](const std::string& text) {
                                        if (!options.json && !options.dry_run) io.note("proving " + text);
                                      },
                                      .trust = trusted()};
  OE_TRY(const evolve::EvolveReport report, evolve::evolve(context, resolved));
  if (options.json)
    io.json(to_json(report));
  else
    print_human(io, report, options.dry_run);
  return 0;
}

}  // namespace oe::cli
