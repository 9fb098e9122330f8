#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>

#include "evolve/item_history.hpp"
#include "evolve/named_files.hpp"
#include "evolve/rule.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;

// High: this many failed attempts of this kind, in at least two runs. Medium: two failed attempts. The trial runs the
// node on the case anyway.
constexpr std::size_t kHighBreakages = 3;
constexpr std::size_t kHighBreakageRuns = 2;
constexpr std::size_t kMediumBreakages = 2;
// Larger items are no test case that somebody reads.
constexpr std::size_t kLargestItem = std::size_t{64} << 10;

/// The items that break a node in one way, the smallest first.
struct Breakage {
  std::vector<const ItemHistory*> items;
  std::vector<Seen> failures;
  std::size_t passing = 0;  ///< other items that succeeded

  const ItemHistory& smallest() const { return *items.front(); }
};

bool is_smaller(const ItemHistory* a, const ItemHistory* b) {
  const std::string left = a->item.dump(), right = b->item.dump();
  return left.size() != right.size() ? left.size() < right.size() : left < right;
}

bool is_reported(const ItemHistory& history) {
  return history.always_fails() && history.item.dump().size() <= kLargestItem;
}

std::map<std::string, Breakage> breakages(const std::vector<ItemHistory>& histories) {
  const auto passes = [](const ItemHistory& history) { return history.succeeded > 0; };
  const auto passing = static_cast<std::size_t>(std::count_if(histories.begin(), histories.end(), passes));
  std::map<std::string, Breakage> by_kind;
  if (passing == 0) return by_kind;
  for (const ItemHistory& history : histories) {
    if (!is_reported(history)) continue;
    Breakage& breakage = by_kind[failure_kind(history)];
    breakage.items.push_back(&history);
    breakage.passing = passing;
    breakage.failures.insert(breakage.failures.end(), history.failures.begin(), history.failures.end());
  }
  for (auto& [kind, breakage] : by_kind) std::sort(breakage.items.begin(), breakage.items.end(), is_smaller);
  return by_kind;
}

// ---- where the case goes

std::size_t count_writers(const graph::Graph& graph, const std::string& field) {
  return static_cast<std::size_t>(std::count_if(graph.nodes.begin(), graph.nodes.end(), [&](const graph::Node& node) {
    return std::find(node.writes.begin(), node.writes.end(), field) != node.writes.end();
  }));
}

/// A file of cases kept by hand that the fan-out runs over together with what other nodes find.
struct CaseFile {
  std::string file;
  graph::RowFormat format = graph::RowFormat::jsonl;
  Value rows;
};

std::optional<CaseFile> hand_kept_list(const Evidence& evidence, const graph::Each& each) {
  if (!each.source.starts_with("$.")) return std::nullopt;
  const std::string field = each.source.substr(2);
  if (count_writers(evidence.graph, field) < 2) return std::nullopt;
  for (const graph::Node& node : evidence.graph.nodes) {
    const auto* dataset = std::get_if<graph::Dataset>(&node.work);
    const auto* source = dataset == nullptr ? nullptr : std::get_if<graph::FileSource>(&dataset->source);
    if (source == nullptr || node.writes != std::vector{field}) continue;
    const auto file = inside_directory(source->uri);
    const auto rows = file ? evidence.rows(*file, source->format) : std::nullopt;
    if (rows && rows->is_array()) return CaseFile{*file, source->format, *rows};
  }
  return std::nullopt;
}

// The columns of csv and tsv are those of the rows there are, and all their values are texts.
bool fits_columns(const Json& item, const Json& rows) {
  if (!item.is_object() || rows.empty() || item.size() != rows.front().size()) return false;
  return std::all_of(item.items().begin(), item.items().end(), [&](const auto& member) {
    return member.value().is_string() && rows.front().contains(member.key());
  });
}

bool fits_rows(const CaseFile& cases, const Value& item) {
  const Json& rows = cases.rows.json();
  const bool columns = cases.format == graph::RowFormat::csv || cases.format == graph::RowFormat::tsv;
  if (columns) return fits_columns(item.json(), rows);
  return rows.empty() || rows.front().type() == item.json().type();
}

// A row that is one of the items that fail in this way, or the smaller case that an earlier proposal made of one.
bool is_covered(const CaseFile& cases, const Breakage& breakage, const std::string& kind, bool is_wrapped) {
  return std::any_of(cases.rows.json().begin(), cases.rows.json().end(), [&](const Json& row) {
    const Value value(row);
    const Value item = is_wrapped ? value.get("item") : value;
    if (is_wrapped && failure_kind(value.get("error").string_or(""), item) == kind) return true;
    return std::any_of(breakage.items.begin(), breakage.items.end(),
                       [&](const ItemHistory* history) { return history->item == item; });
  });
}

std::optional<AddDatasetCase> case_for(const Evidence& evidence, const graph::Node& node, const Breakage& breakage,
                                       const std::string& kind) {
  const Value& item = breakage.smallest().item;
  const std::string error = first_line(breakage.smallest().error());
  const auto list = hand_kept_list(evidence, *graph::each(node));
  if (list && fits_rows(*list, item) && !is_covered(*list, breakage, kind, false))
    return AddDatasetCase{node.id, list->file, list->format, item, item, false, error};

  CaseFile own{"cases/" + node.id.text + ".jsonl", graph::RowFormat::jsonl, Value::array()};
  if (const auto rows = evidence.rows(own.file, own.format)) own.rows = *rows;
  if (is_covered(own, breakage, kind, true)) return std::nullopt;
  const Value row(Json{{"item", item.json()}, {"error", error}});
  return AddDatasetCase{node.id, own.file, own.format, row, item, true, error};
}

// ---- the proposal

Confidence breakage_confidence(const Breakage& breakage) {
  if (breakage.failures.size() >= kHighBreakages && count_runs(breakage.failures) >= kHighBreakageRuns)
    return Confidence::high;
  return breakage.failures.size() >= kMediumBreakages ? Confidence::medium : Confidence::low;
}

Proposal keep_case(const NodeId& node, const Breakage& breakage, AddDatasetCase add) {
  const std::string error = add.error;
  Proposal proposal;
  proposal.title = fmt::format("Keep an item that breaks {} as a case in {}", node.text, add.file);
  proposal.finding = {
      "breaking-item", node,
      fmt::format("{} of {} failed whenever tried ({}), while {} passed: {}", count_of(breakage.items.size(), "item"),
                  node.text, count_of(breakage.failures.size(), "attempt"), count_of(breakage.passing, "other"), error),
      cite(breakage.failures)};
  proposal.rationale = fmt::format(
      "{} broke `{}` in every one of {} in {} (\"{}\"), while {} passed: the input is at fault or the tool does not "
      "know "
      "it, not chance. The smallest one, `{}`, becomes a row of {}, so that a fix can be tested against it and the "
      "failure does not come back unseen. {} What could get worse: {}",
      count_of(breakage.items.size(), "item"), node.text, count_of(breakage.failures.size(), "attempt"),
      count_of(count_runs(breakage.failures), "run"), error, count_of(breakage.passing, "other item"),
      first_line(add.item.dump()), add.file,
      add.is_wrapped ? "No node loads that file; the row keeps the error beside the item."
                     : "The workflow runs over that file already.",
      add.is_wrapped ? "nothing runs differently; the row stands for a failure until somebody mends it."
                     : "the node fails on this row in every run until somebody mends it.");
  proposal.operation = std::move(add);
  proposal.confidence = breakage_confidence(breakage);
  proposal.expectation = {Expectation::Kind::case_reproduces, node, 0};
  return proposal;
}

}  // namespace

std::vector<Proposal> find_breaking_items(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node& node : evidence.graph.nodes) {
    if (graph::each(node) == nullptr) continue;
    const std::vector<Sighting> seen = without_tolerated(sightings(evidence, node));
    const std::vector<ItemHistory> histories = item_histories(seen);
    for (const auto& [kind, breakage] : breakages(histories)) {
      if (auto add = case_for(evidence, node, breakage, kind))
        proposals.push_back(keep_case(node.id, breakage, std::move(*add)));
    }
  }
  return proposals;
}

}  // namespace oe::evolve
