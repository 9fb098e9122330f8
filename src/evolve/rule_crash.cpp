#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/engine/plan.hpp"

#include "evolve/item_history.hpp"
#include "evolve/rule.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;

// High: so many crashes in so many runs. Medium: two. The trial makes the node crash again anyway.
constexpr std::size_t kHighCrashes = 3;
constexpr std::size_t kMediumCrashes = 2;
// Larger lists are no test case that somebody reads, and take too long to cut down.
constexpr std::size_t kLargestRows = std::size_t{64} << 10;
// A shell says so of a child that a signal has ended: 128 and its number.
constexpr int kFirstSignalStatus = 129, kLastSignalStatus = 128 + 64;

// What runtimes print when nobody has caught what was thrown.
constexpr std::array<std::string_view, 12> kUncaught = {"Traceback (most recent call last)",
                                                        "Uncaught",
                                                        "TypeError",
                                                        "RangeError",
                                                        "ReferenceError",
                                                        "SyntaxError",
                                                        "panicked at",
                                                        "terminate called",
                                                        "Segmentation fault",
                                                        "segmentation fault",
                                                        "Assertion",
                                                        "core dumped"};

bool is_crash(const ledger::Attempt& attempt) {
  if (attempt.outcome != ledger::Outcome::failed) return false;
  const int status = attempt.facts.exit_code.value_or(0);
  if (attempt.facts.signal || (status >= kFirstSignalStatus && status <= kLastSignalStatus)) return true;
  return std::ranges::any_of(kUncaught, [&](std::string_view word) {
    return attempt.error.find(word) != std::string::npos || attempt.facts.output.find(word) != std::string::npos;
  });
}

/// A node that is given the rows of a file as a whole.
struct RowsReader {
  const graph::Node* node = nullptr;
  std::string field;
  const graph::FileSource* file = nullptr;
};

// The file that alone fills a field.
const graph::FileSource* file_of(const graph::Graph& graph, const std::string& field) {
  const graph::FileSource* file = nullptr;
  for (const graph::Node& node : graph.nodes) {
    if (std::ranges::find(node.writes, field) == node.writes.end()) continue;
    const auto* dataset = std::get_if<graph::Dataset>(&node.work);
    if (dataset == nullptr || file != nullptr) return nullptr;
    file = std::get_if<graph::FileSource>(&dataset->source);
    if (file == nullptr) return nullptr;
  }
  return file;
}

std::vector<RowsReader> readers_of_rows(const graph::Graph& graph) {
  std::vector<RowsReader> readers;
  for (const graph::Node& node : graph.nodes) {
    const bool is_code =
        std::holds_alternative<graph::Tool>(node.work) || std::holds_alternative<graph::Command>(node.work);
    if (!is_code) continue;
    for (const std::string& field : engine::fields_needed(graph, node))
      if (const auto* file = file_of(graph, field)) readers.push_back({&node, field, file});
  }
  return readers;
}

/// Crashes of one kind, of a node that never got through what it was given.
struct Crash {
  RowsReader reader;
  std::vector<Seen> crashes;
  Value rows;  ///< that the newest of them was given
  const std::string& error() const { return crashes.back().attempt->error; }
};

std::optional<Value> rows_in(const RecordedRun& run, const std::string& field) {
  const auto writes = run.state.writes.find(field);
  return writes == run.state.writes.end() ? std::nullopt
                                          : ledger::merged(writes->second, ledger::FieldMerge::last_wins);
}

std::optional<Crash> crash_of(const Evidence& evidence, const RowsReader& reader) {
  const std::vector<Seen> all = attempts(sightings(evidence, *reader.node));
  if (all.empty() || !is_crash(*all.back().attempt)) return std::nullopt;
  Crash crash{reader, {}, {}};
  for (const Seen& seen : all) {
    if (seen.attempt->input_digest != all.back().attempt->input_digest) continue;
    if (!is_crash(*seen.attempt)) return std::nullopt;
    crash.crashes.push_back(seen);
  }
  const auto rows = rows_in(*all.back().in.run, reader.field);
  if (!rows || !rows->is_array() || rows->size() == 0 || rows->dump().size() > kLargestRows) return std::nullopt;
  crash.rows = *rows;
  return crash;
}

// The smaller case that an earlier proposal made of it, or another one of its kind.
bool is_kept_already(const Evidence& evidence, const std::string& file, const std::string& kind) {
  const auto rows = evidence.rows(file, graph::RowFormat::jsonl);
  if (!rows || !rows->is_array()) return false;
  return std::ranges::any_of(rows->json(), [&](const Json& row) {
    const Value value(row);
    return failure_kind(value.get("error").string_or(""), value.get("item")) == kind;
  });
}

Confidence crash_confidence(const Crash& crash) {
  if (crash.crashes.size() >= kHighCrashes) return Confidence::high;
  return crash.crashes.size() >= kMediumCrashes ? Confidence::medium : Confidence::low;
}

Proposal keep_crash(const Crash& crash, AddDatasetCase add) {
  const std::string& node = add.node.text;
  Proposal proposal;
  proposal.title = fmt::format("Keep the rows on which {} crashes as a case in {}", node, add.file);
  proposal.finding = {
      "crash", add.node,
      fmt::format("{} crashed in every one of {} on the {} of {} ({})", node, count_of(crash.crashes.size(), "attempt"),
                  count_of(crash.rows.size(), "row"), crash.reader.file->uri, add.error),
      cite(crash.crashes)};
  proposal.rationale = fmt::format(
      "`{0}` crashed whenever it was given the {1} of {2}: {3} in {4} (\"{5}\"). The fewest rows, and the least of "
      "them, that still make it crash in this way become a row of {6}, under the field `{7}`, so that a fix can be "
      "tested against them and the crash does not come back unseen. No node loads that file. What could get worse: "
      "nothing runs differently; the row stands for a crash until somebody mends it.",
      node, count_of(crash.rows.size(), "row"), crash.reader.file->uri, count_of(crash.crashes.size(), "attempt"),
      count_of(count_runs(crash.crashes), "run"), add.error, add.file, crash.reader.field);
  proposal.operation = std::move(add);
  proposal.confidence = crash_confidence(crash);
  proposal.expectation = {Expectation::Kind::case_reproduces, crash.reader.node->id, 0};
  return proposal;
}

std::optional<Proposal> find_crash(const Evidence& evidence, const RowsReader& reader) {
  const auto crash = crash_of(evidence, reader);
  if (!crash) return std::nullopt;
  const std::string error = first_line(crash->error());
  const Value item(Json{{reader.field, crash->rows.json()}});
  const std::string file = "cases/" + reader.node->id.text + ".jsonl";
  if (is_kept_already(evidence, file, failure_kind(error, item))) return std::nullopt;
  const Value row(Json{{"item", item.json()}, {"error", error}});
  return keep_crash(*crash, AddDatasetCase{reader.node->id, file, graph::RowFormat::jsonl, row, item, true, error});
}

}  // namespace

std::vector<Proposal> find_crashes(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const RowsReader& reader : readers_of_rows(evidence.graph)) {
    if (auto proposal = find_crash(evidence, reader)) proposals.push_back(std::move(*proposal));
  }
  return proposals;
}

}  // namespace oe::evolve
