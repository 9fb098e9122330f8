#pragma once

#include <map>
#include <memory>
#include <set>

#include "oe/evolve/history.hpp"

#include "evolve/gauges.hpp"

namespace oe::evolve {

/// Whatever a graph names is there, and empty: for graphs that are read back for their metrics only.
formats::Files files_of_nobody();

/// Whether a workflow's file is `path` or lies below it; an empty path has all.
bool is_below(const std::string& workflow, const std::string& path);

/// Recorded runs by the commits that they belong to. The context is borrowed.
class RunPlaces {
 public:
  /// Of all runs of workflows at or below a path. Errors: environment.
  static Result<RunPlaces> open(const HistoryContext& context, const std::string& path);
  struct Found {
    ledger::RunRow row;
    bool is_uncommitted = false;
  };
  /// Newest first. Asked once for each commit of a way back, newest first: a run is told where it is met first.
  std::vector<Found> at(const PastCommit& commit);
  struct Placed {
    ledger::RunRow row;
    std::string commit;  ///< without what messages of commits say
    bool is_uncommitted = false;
  };
  const std::vector<Placed>& all() const { return rows_; }  ///< newest first

 private:
  std::vector<Placed> rows_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_commit_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::set<std::size_t> told_;
};

/// Reads what was measured of a run, whatever workflow it is of: the built-in metrics and those that it declared then.
class RunMeter {
 public:
  explicit RunMeter(const ledger::Ledger& ledger) : ledger_(ledger) {}
  /// Errors: those of the ledger.
  Result<std::vector<MetricValue>> read(const RunId& run);

 private:
  struct Kept {
    graph::Graph graph;
    std::vector<Gauge> gauges;  ///< that refer to the graph
  };
  Result<const Kept*> gauges_of(const ledger::RunStarted& start);

  const ledger::Ledger& ledger_;
  std::map<std::string, std::unique_ptr<Kept>> by_digest_;
};

}  // namespace oe::evolve
