#include "evolve/gather.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/digest.hpp"
#include "oe/exec/dataset.hpp"

#include "evolve/tree_files.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostRuns = 50;

// A graph is read back for its nodes only; the files it named then may be gone by now.
formats::Files files_that_exist() {
  return {
      .read = [](const std::string&) { return Result<std::string>(std::string()); },
      .kind = [](const std::string&) { return formats::Files::Kind::executable; },
  };
}

Result<Selection> selection_of_named(const ledger::Ledger& ledger, const std::vector<RunId>& runs) {
  Selection selection{.runs = runs};
  // A run that is named twice is no more evidence than one.
  std::sort(selection.runs.begin(), selection.runs.end());
  selection.runs.erase(std::unique(selection.runs.begin(), selection.runs.end()), selection.runs.end());
  for (const RunId& run : selection.runs) {
    OE_TRY(const ledger::RunState state, ledger.state(run));
    const std::string& workflow = state.start.workflow;
    if (!selection.workflow.empty() && selection.workflow != workflow) {
      return fail(ErrorKind::input, fmt::format("{} is a run of {}, not of {}", run.text, workflow, selection.workflow),
                  "name runs of one workflow");
    }
    selection.workflow = workflow;
  }
  return selection;
}

Selection selection_of_digest(const std::vector<ledger::RunRow>& rows, const std::string& workflow,
                              const std::string& digest) {
  Selection selection{.workflow = workflow};
  for (const ledger::RunRow& row : rows) {
    if (row.workflow != workflow || row.workflow_digest != digest || row.status == ledger::RunStatus::running) continue;
    if (selection.runs.size() == kMostRuns) break;
    selection.runs.push_back(row.id);
  }
  std::reverse(selection.runs.begin(), selection.runs.end());
  return selection;
}

// Without names: the runs of what HEAD has; where there is none, those of the newest content, and a note that says so.
Result<Selection> selection_of_latest(const ledger::Ledger& ledger, const std::string& wanted,
                                      const git::Place& place) {
  OE_TRY(const auto rows, ledger.runs());
  const auto newest = std::find_if(rows.begin(), rows.end(), [&](const ledger::RunRow& row) {
    return (wanted.empty() || row.workflow == wanted) && row.status != ledger::RunStatus::running;
  });
  if (newest == rows.end()) return fail(ErrorKind::input, "there are no runs to learn from", "start one: oe run");
  OE_TRY(const auto head, git::head_bytes(place, newest->workflow));
  if (head) {
    Selection selection = selection_of_digest(rows, newest->workflow, sha256_hex(*head));
    if (!selection.runs.empty()) return selection;
  }
  return selection_of_digest(rows, newest->workflow, newest->workflow_digest);
}

std::string other_content_note(const std::vector<RunId>& runs, const std::string& workflow) {
  return fmt::format(
      "{} ran with other content of {} than HEAD has; proposals are made against HEAD, and only nodes "
      "that are the same in both count",
      runs.size() == 1 ? "run " + runs.front().text : fmt::format("{} runs", runs.size()), workflow);
}

Result<RecordedRun> read_run(const ledger::Ledger& ledger, const RunId& id) {
  OE_TRY(ledger::RunState state, ledger.state(id));
  OE_TRY(std::string source, ledger.source(state.start.workflow_digest));
  OE_TRY(auto reading, formats::read_workflow(std::move(source), state.start.workflow, files_that_exist()));
  return RecordedRun{std::move(reading.graph), std::move(state)};
}

}  // namespace

Result<Selection> select_runs(const ledger::Ledger& ledger, const EvolveOptions& options, const git::Place& place) {
  OE_TRY(Selection selection, options.runs.empty() ? selection_of_latest(ledger, options.workflow, place)
                                                   : selection_of_named(ledger, options.runs));
  OE_TRY(const auto head, git::head_bytes(place, selection.workflow));
  const std::string digest = head ? sha256_hex(*head) : std::string();
  std::vector<RunId> others;
  for (const RunId& run : selection.runs) {
    OE_TRY(const ledger::RunState state, ledger.state(run));
    if (state.start.workflow_digest != digest) others.push_back(run);
  }
  if (!others.empty()) selection.notes.push_back(other_content_note(others, selection.workflow));
  return selection;
}

Result<Evidence> gather(const ledger::Ledger& ledger, const git::Repository& repository, const Base& base,
                        const Selection& selection) {
  Evidence evidence{.graph = base.reading.graph};
  for (const RunId& run : selection.runs) {
    OE_TRY(RecordedRun recorded, read_run(ledger, run));
    evidence.runs.push_back(std::move(recorded));
  }
  const formats::Files files = files_of(repository, base.commit, base.directory);
  evidence.rows = [files](const std::string& file, graph::RowFormat format) -> std::optional<Value> {
    const auto text = files.read(file);
    if (!text) return std::nullopt;
    auto rows = exec::parse_rows(*text, format, file);
    return rows ? std::optional(*rows) : std::nullopt;
  };
  evidence.has_file = [files](const std::string& file) { return files.kind(file) != formats::Files::Kind::missing; };
  return evidence;
}

}  // namespace oe::evolve
