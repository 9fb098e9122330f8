#pragma once

#include <map>
#include <memory>

#include "oe/evolve/realised.hpp"

#include "evolve/gauges.hpp"

namespace oe::evolve {

/// A run as a measure of one metric.
struct OneMeasure {
  RunId run;
  std::string args;     ///< as JSON
  std::string content;  ///< of all that it ran; empty: not known
  Measured value;
};

/// Reads one metric off recorded runs, each with the graph that it had. Borrows the ledger.
class MetricReader {
 public:
  /// The gauge is the one of that name among those of the expectation.
  MetricReader(const ledger::Ledger& ledger, Expectation expectation, std::string metric)
      : ledger_(ledger), expectation_(std::move(expectation)), metric_(std::move(metric)) {}
  /// Errors: those of the ledger.
  Result<OneMeasure> read(const RunId& run);
  /// Of a run of that graph, which is recorded nowhere.
  Measured value_of(const ledger::RunState& run, const graph::Graph& graph) const;

 private:
  struct Kept {
    graph::Graph graph;
    std::vector<Gauge> gauges;  ///< that refer to the graph
  };
  const ledger::Ledger& ledger_;
  Expectation expectation_;
  std::string metric_;
  std::map<std::string, std::unique_ptr<Kept>> by_digest_;
};

/// The ended runs of one content of a workflow file, newest first.
std::vector<RunId> runs_of_content(const std::vector<ledger::RunRow>& rows, const std::string& workflow,
                                   const std::string& sha256);

/// Runs of the same inputs, one of each side, in the order of `after`; each is taken once.
struct Matched {
  std::vector<Pair> pairs;
  std::vector<RunId> runs;  ///< of each pair both
};
Matched match(const std::vector<OneMeasure>& before, const std::vector<OneMeasure>& after);

}  // namespace oe::evolve
