#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>

#include "oe/evolve/history.hpp"
#include "oe/stats/paired.hpp"

#include "cli/commands.hpp"
#include "cli/metric_text.hpp"
#include "cli/repository_path.hpp"
#include "cli/run_view.hpp"

namespace oe::cli {

namespace {

using evolve::PastRun;
using evolve::PastStep;
using Json = nlohmann::ordered_json;

Json to_json(const PastRun& run) {
  Json metrics = Json::object();
  for (const evolve::MetricValue& one : run.metrics) metrics[one.metric.name] = one.value;
  Json json = cli::to_json(run.row);
  json["uncommitted"] = run.is_uncommitted;
  json["metrics"] = std::move(metrics);
  return json;
}

Json to_json(const evolve::LandedProposal& proposal) {
  return {{"fingerprint", proposal.fingerprint.text}, {"how", to_string(proposal.landing)},
          {"title", proposal.title},                  {"workflow", proposal.workflow},
          {"confidence", proposal.confidence},        {"promise", proposal.promise}};
}

Json to_json(const PastStep& step) {
  Json proposals = Json::array(), runs = Json::array();
  for (const evolve::LandedProposal& proposal : step.proposals) proposals.push_back(to_json(proposal));
  for (const PastRun& run : step.runs) runs.push_back(to_json(run));
  return {{"commit", step.commit.id.text},        {"author", step.commit.author},
          {"time", to_rfc3339(step.commit.time)}, {"subject", step.commit.subject},
          {"proposals", std::move(proposals)},    {"runs", std::move(runs)},
          {"unread_runs", step.unread_runs}};
}

// "8 success, 1 failed"
std::string statuses_of(const std::vector<const PastRun*>& runs) {
  std::map<ledger::RunStatus, std::size_t> counts;
  for (const PastRun* run : runs) ++counts[run->row.status];
  std::string text;
  for (const auto& [status, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, ledger::to_string(status));
  return text;
}

struct Column {
  evolve::Metric metric;
  std::vector<double> values;
};

// The statuses tell success already; failures, retries and the like are told where there are any.
std::string metrics_of(const std::vector<const PastRun*>& runs) {
  std::vector<Column> columns;
  for (const PastRun* run : runs) {
    for (const evolve::MetricValue& one : run->metrics) {
      auto column = std::ranges::find(columns, one.metric.name, [](const Column& c) { return c.metric.name; });
      if (column == columns.end()) column = columns.insert(columns.end(), {one.metric, {}});
      column->values.push_back(one.value);
    }
  }
  std::string text;
  for (const Column& column : columns) {
    const bool is_quiet = column.metric.scale == evolve::Scale::absolute &&
                          column.metric.direction == evolve::Direction::lower &&
                          std::ranges::all_of(column.values, [](double value) { return value == 0; });
    if (column.metric.name == "success" || is_quiet) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", column.metric.name,
                        metric_text(column.metric, stats::median(column.values)));
  }
  return text;
}

void print_runs(Io& io, const PastStep& step) {
  std::map<std::pair<std::string, bool>, std::vector<const PastRun*>> groups;
  for (const PastRun& run : step.runs) groups[{run.row.workflow, run.is_uncommitted}].push_back(&run);
  for (const auto& [group, runs] : groups) {
    const std::string metrics = metrics_of(runs);
    io.line(fmt::format("    {} of {}{}: {}{}{}; newest {}", counted(runs.size(), "run"), group.first,
                        group.second ? " with changes that no commit has" : "", statuses_of(runs),
                        metrics.empty() ? "" : "; ", metrics, runs.front()->row.id.text));
  }
  if (step.unread_runs > 0) io.line(fmt::format("    and {} before them", counted(step.unread_runs, "run")));
}

void print_step(Io& io, const PastStep& step) {
  io.line(fmt::format("{}  {}  {} ({})", io.paint(Colour::yellow, step.commit.id.text.substr(0, 12)),
                      to_rfc3339(step.commit.time).substr(0, 10), step.commit.subject, step.commit.author));
  for (const evolve::LandedProposal& proposal : step.proposals) {
    io.line(fmt::format("    proposal {} {}: {}", io.paint(Colour::bold, proposal.fingerprint.text.substr(0, 8)),
                        to_string(proposal.landing), proposal.title));
    if (!proposal.promise.empty()) io.line("      promised: " + proposal.promise);
  }
  print_runs(io, step);
}

}  // namespace

Result<int> log(Io& io, const LogOptions& options) {
  OE_TRY(const Session session, open_session(io, "."));
  evolve::HistoryOptions history{.most = options.limit};
  if (!options.path.empty()) {
    OE_TRY(history.path, repository_path(session.place, options.path));
  }
  OE_TRY(const auto steps, evolve::history({session.place, session.ledger}, history));
  Json list = Json::array();
  for (const PastStep& step : steps) {
    list.push_back(to_json(step));
    if (!options.json) print_step(io, step);
  }
  if (options.json) io.json({{"v", 1}, {"commits", std::move(list)}});
  if (!options.json && steps.empty()) io.note("no run and no proposal belongs to this history; start a run: oe run");
  return 0;
}

}  // namespace oe::cli
