#pragma once

#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// The runs that an invocation looks at, and the workflow they are of.
struct Selection {
  std::string workflow;
  std::vector<RunId> runs;  ///< oldest first, never empty
  std::vector<std::string> notes;
};

/// Resolves the options against the ledger. Errors: input (no runs, runs of several workflows, unknown run).
Result<Selection> select_runs(const ledger::Ledger& ledger, const EvolveOptions& options, const git::Place& place);

/// Reads the runs back, with the workflow as each saw it.
Result<Evidence> gather(const ledger::Ledger& ledger, const git::Repository& repository, const Base& base,
                        const Selection& selection);

/// The graph that a run had, read back from the kept source. Its files are those of `head`, as far as they are there.
Result<graph::Graph> recorded_graph(const ledger::Ledger& ledger, const ledger::RunStarted& start,
                                    const formats::Files& head);

/// What HEAD has, without any run yet.
Evidence evidence_of(const git::Repository& repository, const Base& base);

/// Takes a quarter of the runs out of the evidence, for trials only: always the same ones, by their ids. Of fewer than
/// eight runs none.
std::vector<RecordedRun> hold_out(Evidence& evidence);

}  // namespace oe::evolve
