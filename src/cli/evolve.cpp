#include "oe/evolve/evolve.hpp"

#include <filesystem>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/evolve_desk.hpp"
#include "cli/session.hpp"
#include "cli/since.hpp"

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
  if (!judged.descent.parent.empty())
    io.line(fmt::format("  on:      {} (generation {})", judged.descent.parent.text.substr(0, 8),
                        judged.descent.generation));
  if (judged.descent.arm == "baseline") io.line("  arm:     baseline, without evolution");
  if (!judged.branch.empty()) io.line("  branch:  " + judged.branch);
}

void print_champion(Io& io, std::string_view arm, const evolve::Champion& champion) {
  if (!champion.beside_base.empty())
    io.line(fmt::format("  {} {} beside the base: {}", arm, champion.fingerprint.text.substr(0, 8),
                        champion.beside_base));
}

void print_search(Io& io, const evolve::SearchReport& search) {
  io.line(fmt::format("baseline: best of {} without evolution, beside {} in {} generation{}",
                      search.shared + search.repeated, search.shared + search.evolved, search.generations,
                      search.generations == 1 ? "" : "s"));
  io.line("  " + search.comparison);
  print_champion(io, "baseline", search.baseline);
  print_champion(io, "evolution", search.evolution);
  if (!search.verdict.empty())
    io.line(search.is_on_holdout ? "  on new runs of cases that no advisor had seen"
                                 : "  on new runs of recorded cases");
}

std::string asked_text(const evolve::ModelSpend& spend) {
  const std::string cost = spend.usd ? fmt::format(", ${:.4f}", *spend.usd) : ", at a price that is not known";
  return fmt::format("{}, {} tokens{}", spend.model, spend.usage.all(), cost);
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
  if (report.search) print_search(io, *report.search);
  if (!report.ended_by.empty()) io.line("ended:   by " + report.ended_by);
  if (report.spend) io.line("asked:   " + asked_text(*report.spend));
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
          {"parent", judged.descent.parent.text},
          {"generation", judged.descent.generation},
          {"arm", judged.descent.arm},
          {"verdict", judged.outcome.verdict},
          {"pairs", judged.outcome.pairs},
          {"wins", judged.outcome.wins},
          {"losses", judged.outcome.losses},
          {"branch", judged.branch},
          {"commit", judged.commit},
          {"diff", judged.diff}};
}

Json to_json(const evolve::ModelSpend& spend) {
  return {{"model", spend.model},
          {"tokens_in", spend.usage.input + spend.usage.cache_read + spend.usage.cache_write},
          {"tokens_out", spend.usage.output},
          {"cost_usd", spend.usd ? Json(*spend.usd) : Json()},
          {"calls", spend.calls}};
}

Json to_json(const evolve::Champion& champion) {
  if (champion.fingerprint.empty()) return {};
  return {{"fingerprint", champion.fingerprint.text},
          {"title", champion.title},
          {"beside_base", champion.beside_base}};
}

Json to_json(const evolve::SearchReport& search) {
  return {{"generations", search.generations},
          {"shared", search.shared},
          {"evolved", search.evolved},
          {"repeated", search.repeated},
          {"evolution", to_json(search.evolution)},
          {"baseline", to_json(search.baseline)},
          {"verdict", search.verdict},
          {"comparison", search.comparison},
          {"held_out", search.is_on_holdout}};
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
          {"trial_runs", report.trial_runs},
          {"ended_by", report.ended_by},
          {"search", report.search ? to_json(*report.search) : Json()},
          {"asked", report.spend ? to_json(*report.spend) : Json()},
          {"markdown", report.markdown.string()}};
}

Result<std::optional<Timestamp>> since_of(const std::string& text, Timestamp now) {
  if (text.empty()) return std::optional<Timestamp>();
  if (const auto since = moment_since(text, now)) return since;
  return fail(ErrorKind::usage, fmt::format("--since takes no '{}'", text),
              "say 90m, 12h, 7d, 2w or a date such as 2026-11-01");
}

Result<evolve::AdvisorChoice> advisor_of(const EvolveCommandOptions& options, const Session& session,
                                         const ModelSource& models) {
  using enum evolve::AdvisorChoice;
  if (options.advisor == "llm") return llm;
  if (options.advisor == "both") return both;
  if (options.advisor == "rules") return rules;
  OE_TRY(const bool is_configured, has_model(session, models));
  return is_configured ? both : rules;
}

Result<evolve::EvolveOptions> resolve(const EvolveCommandOptions& options, const Session& session,
                                      const ModelSource& models) {
  evolve::EvolveOptions resolved{.last = options.last,
                                 .model = models.configured.advisor,
                                 .generations = options.generations,
                                 .tries = options.tries,
                                 .dry_run = options.dry_run,
                                 .sandbox = !options.no_sandbox,
                                 .commits = {.signoff = options.signoff, .verify = !options.no_verify}};
  for (const std::string& limit : options.limits) OE_CHECK(evolve::add_limit(resolved.limits, limit));
  OE_TRY(resolved.since, since_of(options.since, sys::system_clock().now()));
  OE_TRY(resolved.advisor, advisor_of(options, session, models));
  for (const std::string& name : options.runs) {
    OE_TRY(RunId run, session.ledger.resolve(name));
    resolved.runs.push_back(std::move(run));
  }
  return resolved;
}

}  // namespace

Result<int> evolve(Io& io, const EvolveCommandOptions& options) {
  OE_TRY(Session session, open_session(io, options.directory));
  OE_TRY(const auto desk, EvolveDesk::open(session, options.models, {"oe evolve", true}));
  OE_TRY(const evolve::EvolveOptions resolved, resolve(options, session, desk->models()));
  const evolve::EvolveContext context = desk->context([&](const std::string& text) {
    if (!options.json && !options.dry_run) io.note(text);
  });
  OE_TRY(const evolve::EvolveReport report, evolve::evolve(context, resolved));
  if (options.json)
    io.json(to_json(report));
  else
    print_human(io, report, options.dry_run);
  return 0;
}

}  // namespace oe::cli
