#include "oe/evolve/bisect.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/evolve_desk.hpp"
#include "cli/repository_path.hpp"
#include "cli/run_view.hpp"
#include "cli/session.hpp"

namespace oe::cli {

namespace {

using evolve::BisectReport;
using evolve::BisectStep;
using Json = nlohmann::ordered_json;

Json to_json(const evolve::PastCommit& commit) {
  return {{"commit", commit.id.text},
          {"author", commit.author},
          {"time", to_rfc3339(commit.time)},
          {"subject", commit.subject}};
}

Json to_json(const std::vector<evolve::PastCommit>& commits) {
  Json list = Json::array();
  for (const evolve::PastCommit& commit : commits) list.push_back(to_json(commit));
  return list;
}

Json to_json(const BisectReport& report) {
  Json steps = Json::array();
  for (const BisectStep& step : report.steps)
    steps.push_back({{"commit", step.commit.id.text},
                     {"verdict", to_string(step.verdict)},
                     {"stored_pairs", step.stored_pairs},
                     {"new_pairs", step.new_pairs},
                     {"level", step.level},
                     {"sentence", step.sentence}});
  return {{"v", 1},
          {"workflow", report.workflow},
          {"metric", report.metric.name},
          {"commits", to_json(report.commits)},
          {"steps", std::move(steps)},
          {"suspects", to_json(report.suspects)},
          {"new_runs", report.new_runs},
          {"ended_by", report.ended_by}};
}

std::string shown(const evolve::PastCommit& commit) {
  return fmt::format("{}  {}  {} ({})", commit.id.text.substr(0, 12), to_rfc3339(commit.time).substr(0, 10),
                     commit.subject, commit.author);
}

void print_step(Io& io, const BisectStep& step) {
  io.line(fmt::format("{}  {}: {}", io.paint(Colour::yellow, step.commit.id.text.substr(0, 12)),
                      to_string(step.verdict), step.commit.subject));
  io.line(fmt::format("    {}; {} recorded and {} new pairs", step.sentence, step.stored_pairs, step.new_pairs));
}

void print_human(Io& io, const BisectReport& report) {
  for (const BisectStep& step : report.steps) print_step(io, step);
  if (report.suspects.size() == 1) {
    io.line(fmt::format("{} got worse with {}", report.metric.name, shown(report.suspects.front())));
    io.line("    all steps together name a wrong commit in at most 5 of 100 cases");
  } else if (!report.suspects.empty()) {
    io.line(fmt::format("{} got worse with one of these {} commits; no step tells them apart", report.metric.name,
                        report.suspects.size()));
    for (const evolve::PastCommit& commit : report.suspects) io.line("    " + shown(commit));
  } else {
    io.line(fmt::format("it is not shown that {} got worse: there is nothing to look for", report.metric.name));
  }
  if (report.new_runs > 0) io.line(counted(report.new_runs, "new run"));
  if (!report.ended_by.empty()) io.line("ended:   " + report.ended_by);
}

}  // namespace

Result<int> bisect(Io& io, const BisectCommandOptions& options) {
  OE_TRY(Session session, open_session(io, "."));
  evolve::BisectOptions resolved{
      .metric = options.metric, .runs = !options.stored_only, .sandbox = !options.no_sandbox};
  OE_TRY(resolved.bad, git::commit_of(session.place, options.bad));
  if (!options.good.empty()) {
    OE_TRY(resolved.good, git::commit_of(session.place, options.good));
  }
  if (!options.workflow.empty()) {
    OE_TRY(resolved.workflow, repository_path(session.place, options.workflow));
  }
  for (const std::string& limit : options.limits) OE_CHECK(evolve::add_limit(resolved.limits, limit));
  OE_TRY(const auto desk, EvolveDesk::open(session, options.models, {"oe bisect", true}));
  const evolve::EvolveContext context = desk->context([](const std::string&) {});
  OE_TRY(const BisectReport report, evolve::bisect(context, resolved));
  if (options.json)
    io.json(to_json(report));
  else
    print_human(io, report);
  return report.suspects.size() == 1 ? 0 : 1;
}

}  // namespace oe::cli
