#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/graph/expression.hpp"

#include "evolve/check_module.hpp"
#include "evolve/entry_test.hpp"
#include "evolve/item_history.hpp"
#include "evolve/rule.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;

// Fewer entries that pass are no ground for a test that holds for all entries to come.
constexpr std::size_t kFewestPassing = 3;
// High: three entries that fail and ten that pass. Medium: two and five, or an error that names the member.
constexpr std::size_t kHighFailing = 3, kHighPassing = 10;
constexpr std::size_t kMediumFailing = 2, kMediumPassing = 5;

/// A node that writes a list and one that runs over it.
struct ListFlow {
  std::string field;
  const graph::Node* producer = nullptr;
  const graph::Node* consumer = nullptr;
};

bool writes_field(const graph::Node& node, const std::string& field) {
  return std::find(node.writes.begin(), node.writes.end(), field) != node.writes.end();
}

bool leads_to(const graph::Graph& graph, const NodeId& from, const NodeId& to) {
  std::set<NodeId> reached = {from};
  std::vector<NodeId> open = {from};
  while (!open.empty()) {
    const NodeId at = open.back();
    open.pop_back();
    for (const graph::Edge& edge : graph.edges) {
      if (edge.from == at && reached.insert(edge.to).second) open.push_back(edge.to);
    }
  }
  return reached.contains(to);
}

// A field that merges what is written (array_append) or takes it once cannot be replaced by a checked list.
std::optional<ListFlow> list_flow(const graph::Graph& graph, const graph::Node& consumer) {
  const graph::Each* each = graph::each(consumer);
  const auto path = each == nullptr ? std::nullopt : graph::parse_path(each->source);
  if (!path || path->size() != 1) return std::nullopt;
  const graph::StateField* field = graph::find_field(graph, path->front());
  if (field == nullptr || field->merge != graph::Merge::last_wins) return std::nullopt;

  ListFlow flow{field->name, nullptr, &consumer};
  for (const graph::Node& node : graph.nodes) {
    if (!writes_field(node, flow.field)) continue;
    if (flow.producer != nullptr) return std::nullopt;
    flow.producer = &node;
  }
  const bool fits = flow.producer != nullptr && graph::each(*flow.producer) == nullptr &&
                    flow.producer->id != consumer.id && leads_to(graph, flow.producer->id, consumer.id);
  return fits ? std::optional(flow) : std::nullopt;
}

/// Entries that one test tells apart.
struct Separation {
  EntryTest test;
  std::vector<const ItemHistory*> failing;
  std::size_t passing = 0;
  bool error_names_member = false;
};

bool is_word_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool has_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word_part(text[at - 1]);
    if (starts && (end == text.size() || !is_word_part(text[end]))) return true;
  }
  return false;
}

// The simplest test that no failing entry passes; of several the one whose member the errors name.
std::optional<Separation> separation(const std::vector<EntryTest>& tests, std::vector<const ItemHistory*> failing) {
  std::optional<Separation> simplest;
  for (const EntryTest& test : tests) {
    const auto passed = [&](const ItemHistory* history) { return passes(test, history->item); };
    if (std::any_of(failing.begin(), failing.end(), passed)) continue;
    const bool named = has_word(failing.front()->error(), test.member);
    if (!simplest || (named && !simplest->error_names_member)) simplest = Separation{test, failing, 0, named};
  }
  return simplest;
}

// All failing entries at once, else those of one kind of failure, the commonest first.
std::vector<std::vector<const ItemHistory*>> groups_of_failing(const std::vector<ItemHistory>& histories) {
  std::vector<const ItemHistory*> all;
  std::map<std::string, std::vector<const ItemHistory*>> by_kind;
  for (const ItemHistory& history : histories) {
    if (!history.always_fails()) continue;
    all.push_back(&history);
    by_kind[failure_kind(history)].push_back(&history);
  }
  std::vector<std::vector<const ItemHistory*>> groups;
  if (all.empty()) return groups;
  groups.push_back(all);
  for (auto& [kind, group] : by_kind) groups.push_back(std::move(group));
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return groups;
}

std::optional<Separation> separate(const std::vector<ItemHistory>& histories) {
  std::vector<Value> keep;
  std::size_t passing = 0;
  for (const ItemHistory& history : histories) {
    if (!history.always_fails()) keep.push_back(history.item);
    if (history.succeeded > 0) ++passing;
  }
  if (passing < kFewestPassing) return std::nullopt;
  const std::vector<EntryTest> tests = tests_passed_by(keep);
  for (auto& group : groups_of_failing(histories)) {
    auto found = separation(tests, std::move(group));
    if (!found) continue;
    found->passing = passing;
    return found;
  }
  return std::nullopt;
}

// ---- the new node

std::string folder_of(const std::string& impl) {
  const std::filesystem::path folder = std::filesystem::path(impl).lexically_normal().parent_path();
  const bool leaves = folder.is_absolute() || (!folder.empty() && *folder.begin() == "..");
  return leaves ? "" : folder.generic_string();
}

// Where the workflow keeps its tools: the folder of the first one that is in the workflow's directory.
std::string tool_folder(const graph::Graph& graph) {
  for (const graph::Node& node : graph.nodes) {
    const auto* tool = std::get_if<graph::Tool>(&graph::leaf(node).work);
    if (tool == nullptr) continue;
    if (std::string folder = folder_of(tool->impl); !folder.empty()) return folder;
  }
  return "tools";
}

struct NewTool {
  NodeId id;
  std::string file;
};

NewTool new_tool(const Evidence& evidence, const std::string& field) {
  const std::string folder = tool_folder(evidence.graph);
  for (int number = 1;; ++number) {
    const std::string name = "check_" + field + (number == 1 ? "" : "_" + std::to_string(number));
    NewTool tool{NodeId{name}, folder + "/" + name + ".mjs"};
    if (graph::find(evidence.graph, tool.id) == nullptr && !evidence.has_file(tool.file)) return tool;
  }
}

AddNode check_node(const ListFlow& flow, const Separation& found, const NewTool& tool) {
  Json node = {{"id", tool.id.text}, {"kind", "tool"}, {"impl", "./" + tool.file}};
  node["reads"] = node["writes"] = Json::array({flow.field});
  if (!flow.producer->phase.empty()) node["phase"] = flow.producer->phase;
  AddNode add;
  add.insert.after = flow.producer->id;
  add.insert.node = Value(std::move(node));
  add.insert.edges = {{.from = flow.producer->id, .to = tool.id}, {.from = tool.id, .to = flow.consumer->id}};
  // As graph::difference() lists them, against which the contract of add-node holds them.
  std::sort(add.insert.edges.begin(), add.insert.edges.end(),
            [](const graph::Edge& a, const graph::Edge& b) { return a.from < b.from; });
  add.files = {{tool.file, check_module(tool.id.text, flow.field, flow.consumer->id.text, found.test)}};
  return add;
}

// ---- the proposal

Confidence list_confidence(const Separation& found) {
  if (found.failing.size() >= kHighFailing && found.passing >= kHighPassing) return Confidence::high;
  const bool enough = found.failing.size() >= kMediumFailing && found.passing >= kMediumPassing;
  return enough || found.error_names_member ? Confidence::medium : Confidence::low;
}

std::vector<Citation> failures_of(const Separation& found) {
  std::vector<Seen> all;
  for (const ItemHistory* history : found.failing)
    all.insert(all.end(), history->failures.begin(), history->failures.end());
  return cite(all);
}

// Runs in which the producer was another one say nothing about what it writes now.
std::vector<Sighting> sightings_of(const Evidence& evidence, const ListFlow& flow) {
  std::vector<Sighting> seen = without_tolerated(sightings(evidence, *flow.consumer));
  std::erase_if(seen, [&](const Sighting& sighting) {
    const graph::Node* then = graph::find(sighting.run->graph, flow.producer->id);
    return then == nullptr || !(*then == *flow.producer);
  });
  return seen;
}

// Failing items of the newest run that had any: what the trial has to get below.
std::uint64_t failing_lately(std::span<const Sighting> seen) {
  for (auto newest = seen.rbegin(); newest != seen.rend(); ++newest) {
    if (const auto failures = unhealed(*newest->node); !failures.empty()) return failures.size();
  }
  return 0;
}

Proposal check_between(const ListFlow& flow, const Separation& found, const NewTool& tool, std::uint64_t before) {
  const std::string& producer = flow.producer->id.text;
  const std::string& consumer = flow.consumer->id.text;
  const std::string entries = found.failing.size() == 1 ? "1 entry" : fmt::format("{} entries", found.failing.size());
  Proposal proposal;
  proposal.operation = check_node(flow, found, tool);
  proposal.finding = {
      "unchecked-list", flow.consumer->id,
      fmt::format("{} of {} from {} always failed {} ({}); unlike in the {} that passed, {}", entries, flow.field,
                  producer, consumer, first_line(found.failing.front()->error()), found.passing, fault(found.test)),
      failures_of(found)};
  proposal.title = fmt::format("Check {} between {} and {}", flow.field, producer, consumer);
  proposal.rationale = fmt::format(
      "`{0}` writes `{1}`, and {2} of it broke `{3}` whenever tried (\"{4}\"), which also keeps everything behind "
      "`{3}` "
      "from running. What tells the broken from the {6} entries that passed: {5}. `{7}` tests this "
      "between the two: it drops such entries and reports each with its position on standard error and in its edge "
      "output; it does not repair them. What could get worse: whatever reads `{1}` behind it sees the shorter list, "
      "and "
      "an entry that `{3}` could have learnt to handle no longer gets there.",
      producer, flow.field, entries, consumer, first_line(found.failing.front()->error()), fault(found.test),
      found.passing, tool.id.text);
  proposal.confidence = list_confidence(found);
  proposal.expectation = {Expectation::Kind::fewer_failed_items, flow.consumer->id, before};
  return proposal;
}

}  // namespace

std::vector<Proposal> find_unchecked_lists(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node& node : evidence.graph.nodes) {
    const auto flow = list_flow(evidence.graph, node);
    if (!flow) continue;
    const std::vector<Sighting> seen = sightings_of(evidence, *flow);
    const std::vector<ItemHistory> histories = item_histories(seen);
    const auto found = separate(histories);
    if (!found) continue;
    proposals.push_back(check_between(*flow, *found, new_tool(evidence, flow->field), failing_lately(seen)));
  }
  return proposals;
}

}  // namespace oe::evolve
