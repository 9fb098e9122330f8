#include "evolve/gather.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>

#include "oe/base/digest.hpp"
#include "oe/exec/dataset.hpp"

#include "evolve/tree_files.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostRuns = 50;
/// What is read without being asked for: 0.05 s of it.
constexpr std::uint64_t kMostEvents = 10'000;

// A graph is read back for its nodes only; the files it named then may be gone by now. Those that HEAD has are as good:
// a node that differs only by what its prompt names now is the same node.
formats::Files files_that_exist(const formats::Files& head) {
  return {
      .read =
          [head](const std::string& path) {
            auto text = head.read(path);
            return text ? text : Result<std::string>(std::string());
          },
      .kind = [](const std::string&) { return formats::Files::Kind::executable; },
  };
}

/// A selection and the content that each of its runs saw, by sha256.
struct Chosen {
  Selection selection;
  std::vector<std::string> digests;
  void add(const RunId& run, const std::string& digest) {
    selection.runs.push_back(run);
    digests.push_back(digest);
  }
};

Result<Chosen> named_runs(const ledger::Ledger& ledger, std::vector<RunId> runs) {
  Chosen chosen;
  // A run that is named twice is no more evidence than one.
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  for (const RunId& run : runs) {
    OE_TRY(const ledger::RunState state, ledger.state(run));
    const std::string& workflow = state.start.workflow;
    std::string& wanted = chosen.selection.workflow;
    if (!wanted.empty() && wanted != workflow) {
      return fail(ErrorKind::input, fmt::format("{} is a run of {}, not of {}", run.text, workflow, wanted),
                  "name runs of one workflow");
    }
    wanted = workflow;
    chosen.add(run, state.start.workflow_digest);
  }
  return chosen;
}

// `rows` are newest first. At least one of them, and no more than are read in a moment.
Chosen newest_of(std::vector<ledger::RunRow> rows, const std::string& workflow) {
  std::size_t taken = 0;
  for (std::uint64_t events = 0; taken < std::min(rows.size(), kMostRuns); ++taken) {
    events += rows[taken].events;
    if (taken > 0 && events > kMostEvents) break;
  }
  Chosen chosen{.selection = {.workflow = workflow}};
  if (taken < rows.size()) {
    chosen.selection.notes.push_back(fmt::format(
        "these are the newest {} of more runs of {} (at most {} and {} events are read); --last N reads more", taken,
        workflow, kMostRuns, kMostEvents));
  }
  while (taken-- > 0) chosen.add(rows[taken].id, rows[taken].workflow_digest);
  return chosen;
}

// By age and number, whatever content they ran: select_runs() says so where it matters.
Result<Chosen> recent_runs(const ledger::Ledger& ledger, const EvolveOptions& options) {
  OE_TRY(const auto newest, ledger.ended_runs(options.workflow, {}, 1));
  if (newest.empty()) return fail(ErrorKind::input, "there are no runs to learn from", "start one: oe run");
  const std::string& workflow = newest.front().workflow;
  OE_TRY(auto rows, ledger.ended_runs(workflow, {}, options.last == 0 ? kMostRuns + 1 : options.last));
  if (options.since) std::erase_if(rows, [&](const ledger::RunRow& row) { return row.started_at < *options.since; });
  if (rows.empty()) {
    return fail(ErrorKind::input, "there are no runs since " + to_rfc3339(*options.since), "look at all: oe runs");
  }
  if (options.last == 0) return newest_of(std::move(rows), workflow);
  Chosen chosen{.selection = {.workflow = workflow}};
  std::ranges::reverse(rows);
  for (const ledger::RunRow& row : rows) chosen.add(row.id, row.workflow_digest);
  return chosen;
}

// Without names: the runs of what HEAD has; where there is none, those of the newest content, and a note that says so.
Result<Chosen> latest_runs(const ledger::Ledger& ledger, const std::string& wanted, const git::Place& place) {
  OE_TRY(const auto newest, ledger.ended_runs(wanted, {}, 1));
  if (newest.empty()) return fail(ErrorKind::input, "there are no runs to learn from", "start one: oe run");
  const std::string& workflow = newest.front().workflow;
  OE_TRY(const auto head, git::head_bytes(place, workflow));
  if (head) {
    OE_TRY(auto rows, ledger.ended_runs(workflow, sha256_hex(*head), kMostRuns + 1));
    if (!rows.empty()) return newest_of(std::move(rows), workflow);
  }
  OE_TRY(auto rows, ledger.ended_runs(workflow, newest.front().workflow_digest, kMostRuns + 1));
  return newest_of(std::move(rows), workflow);
}

std::string other_content_note(const std::vector<RunId>& runs, const std::string& workflow) {
  return fmt::format(
      "{} ran with other content of {} than HEAD has; proposals are made against HEAD, and only nodes "
      "that are the same in both count",
      runs.size() == 1 ? "run " + runs.front().text : fmt::format("{} runs", runs.size()), workflow);
}

}  // namespace

Result<graph::Graph> recorded_graph(const ledger::Ledger& ledger, const ledger::RunStarted& start,
                                    const formats::Files& head) {
  OE_TRY(std::string source, ledger.source(start.workflow_digest));
  OE_TRY(auto reading, formats::read_workflow(std::move(source), start.workflow, files_that_exist(head)));
  return std::move(reading.graph);
}

Result<Selection> select_runs(const ledger::Ledger& ledger, const EvolveOptions& options, const git::Place& place) {
  const bool by_age = options.last > 0 || options.since;
  OE_TRY(Chosen chosen, !options.runs.empty() ? named_runs(ledger, options.runs)
                        : by_age              ? recent_runs(ledger, options)
                                              : latest_runs(ledger, options.workflow, place));
  Selection& selection = chosen.selection;
  OE_TRY(const auto head, git::head_bytes(place, selection.workflow));
  const std::string digest = head ? sha256_hex(*head) : std::string();
  std::vector<RunId> others;
  for (std::size_t i = 0; i < chosen.digests.size(); ++i)
    if (chosen.digests[i] != digest) others.push_back(selection.runs[i]);
  if (!others.empty()) selection.notes.push_back(other_content_note(others, selection.workflow));
  return std::move(selection);
}

Evidence evidence_of(const git::Repository& repository, const Base& base) {
  const formats::Files files = files_of(repository, base.commit, base.directory);
  Evidence evidence{.graph = base.reading.graph};
  evidence.rows = [files](const std::string& file, graph::RowFormat format) -> std::optional<Value> {
    const auto text = files.read(file);
    if (!text) return std::nullopt;
    auto rows = exec::parse_rows(*text, format, file);
    return rows ? std::optional(*rows) : std::nullopt;
  };
  evidence.has_file = [files](const std::string& file) { return files.kind(file) != formats::Files::Kind::missing; };
  return evidence;
}

Result<Evidence> gather(const ledger::Ledger& ledger, const git::Repository& repository, const Base& base,
                        const Selection& selection) {
  const formats::Files files = files_of(repository, base.commit, base.directory);
  Evidence evidence = evidence_of(repository, base);
  std::map<std::string, graph::Graph> graphs;  // by digest: mostly all runs saw the same
  for (const RunId& run : selection.runs) {
    OE_TRY(ledger::RunState state, ledger.state(run));
    const std::string& digest = state.start.workflow_digest;
    if (!graphs.contains(digest)) {
      OE_TRY(graph::Graph graph, recorded_graph(ledger, state.start, files));
      graphs.emplace(digest, std::move(graph));
    }
    const graph::Graph& graph = graphs.at(digest);
    evidence.runs.push_back({graph, std::move(state)});
  }
  return evidence;
}

}  // namespace oe::evolve
