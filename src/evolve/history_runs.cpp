#include "evolve/history_runs.hpp"

#include <algorithm>

#include "oe/git/trailers.hpp"

#include "evolve/file_versions.hpp"
#include "evolve/gather.hpp"

namespace oe::evolve {

namespace {

using ledger::RunRow;

/// What was committed of each workflow, looked up once.
class Versions {
 public:
  explicit Versions(const HistoryContext& context) : context_(context) {}

  /// The oldest commit since a run that has the file which it ran; empty: there is none.
  Result<std::string> commit_of(const RunRow& run) {
    auto found = by_workflow_.find(run.workflow);
    if (found == by_workflow_.end()) {
      OE_TRY(auto versions, file_versions(context_.place, *context_.place.head, run.workflow));
      found = by_workflow_.emplace(run.workflow, std::move(versions)).first;
    }
    std::string commit;
    for (const FileVersion& version : found->second)  // newest first
      if (version.sha256 == run.workflow_digest && is_since(version.time, run.started_at)) commit = version.commit.text;
    return commit;
  }

 private:
  // Commits are dated by whole seconds.
  static bool is_since(Timestamp commit, Timestamp run) { return commit + std::chrono::seconds(1) > run; }

  const HistoryContext& context_;
  std::map<std::string, std::vector<FileVersion>> by_workflow_;
};

// Those that a proposal names are its evidence, and older than it.
std::vector<std::string> runs_named_by(const PastCommit& commit) {
  std::vector<std::string> runs;
  const std::vector<git::Trailer> trailers = git::trailers(commit.message);
  if (git::find_trailer(trailers, "Oe-Proposal")) return runs;
  for (const git::Trailer& trailer : trailers)
    if (trailer.key == "Oe-Run") runs.push_back(trailer.value);
  return runs;
}

}  // namespace

formats::Files files_of_nobody() {
  return {.read = [](const std::string&) { return Result<std::string>(std::string()); },
          .kind = [](const std::string&) { return formats::Files::Kind::executable; }};
}

bool is_below(const std::string& workflow, const std::string& path) {
  return path.empty() || workflow == path || workflow.starts_with(path + "/");
}

Result<RunPlaces> RunPlaces::open(const HistoryContext& context, const std::string& path) {
  RunPlaces places;
  Versions versions(context);
  OE_TRY(std::vector<RunRow> rows, context.ledger.runs());
  for (RunRow& row : rows) {
    if (!is_below(row.workflow, path)) continue;
    Placed one{.commit = row.head, .is_uncommitted = row.dirty};
    if (row.dirty && context.place.head) {
      OE_TRY(const std::string committed, versions.commit_of(row));
      if (!committed.empty()) one.commit = committed;
      one.is_uncommitted = committed.empty();
    }
    const std::size_t position = places.rows_.size();
    places.by_commit_[one.commit].push_back(position);
    places.by_id_.emplace(row.id.text, position);
    one.row = std::move(row);
    places.rows_.push_back(std::move(one));
  }
  return places;
}

std::vector<RunPlaces::Found> RunPlaces::at(const PastCommit& commit) {
  std::set<std::size_t> here;
  if (const auto own = by_commit_.find(commit.id.text); own != by_commit_.end())
    here.insert(own->second.begin(), own->second.end());
  std::set<std::size_t> named;
  for (const std::string& run : runs_named_by(commit))
    if (const auto one = by_id_.find(run); one != by_id_.end()) named.insert(one->second);
  here.insert(named.begin(), named.end());
  std::vector<Found> found;
  for (const std::size_t position : here) {
    if (!told_.insert(position).second) continue;
    const Placed& row = rows_[position];
    found.push_back({row.row, row.is_uncommitted && !named.contains(position)});
  }
  return found;
}

Result<const RunMeter::Kept*> RunMeter::gauges_of(const ledger::RunStarted& start) {
  std::unique_ptr<Kept>& kept = by_digest_[start.workflow_digest];
  if (kept) return kept.get();
  auto made = std::make_unique<Kept>();
  // Without its source a run still has the metrics that every run has.
  if (auto graph = recorded_graph(ledger_, start, files_of_nobody())) made->graph = std::move(*graph);
  made->gauges = gauges_for({.kind = Expectation::Kind::no_worse}, made->graph);
  kept = std::move(made);
  return kept.get();
}

Result<std::vector<MetricValue>> RunMeter::read(const RunId& run) {
  std::vector<MetricValue> values;
  OE_TRY(const ledger::RunState state, ledger_.state(run));
  if (state.status == ledger::RunStatus::running) return values;
  OE_TRY(const Kept* kept, gauges_of(state.start));
  for (const Gauge& gauge : kept->gauges)
    if (const Measured value = gauge.read(state)) values.push_back({gauge.metric, *value});
  return values;
}

}  // namespace oe::evolve
