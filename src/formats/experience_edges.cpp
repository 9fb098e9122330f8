#include <fmt/core.h>
#include <set>
#include <unordered_set>

#include "oe/base/text.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

constexpr std::array<Word<graph::EdgeOn>, 4> kEnds = {{
    {"success", graph::EdgeOn::success},
    {"failure", graph::EdgeOn::failure},
    {"timeout", graph::EdgeOn::timeout},
    {"end", graph::EdgeOn::end},
}};

class ThenEdges {
 public:
  ThenEdges(const doc::Document& document, const std::vector<std::string>& group_ids, graph::Graph& graph, Notes& notes)
      : document_(document), graph_(graph), notes_(notes), ids_(group_ids) {
    for (const graph::Node& node : graph.nodes) ids_.push_back(node.id.text);
    known_.insert(ids_.begin(), ids_.end());
    for (const graph::Edge& edge : graph.edges) {
      if (edge.on == graph::EdgeOn::failure) taken_.emplace(edge.from.text, edge.to.text);
    }
  }

  void add(const graph::Node& node) {
    const std::string path = node.where.path + "/on_error/then";
    const doc::Node* then = document_.at(path);
    if (!then || notes_.is_spoilt(path)) return;
    const std::string& target = then->resolved().text;
    if (target == "skip" || target == "fail_run") return;
    if (!known_.contains(target)) return refuse({then, path}, target);
    if (!taken_.emplace(node.id.text, target).second) return;
    graph_.edges.push_back(
        {.from = node.id, .to = {target}, .on = graph::EdgeOn::failure, .where = notes_.locate({then, path})});
  }

 private:
  void refuse(const Spot& spot, const std::string& target) {
    std::vector<std::string> words = ids_;
    words.insert(words.begin(), {"skip", "fail_run"});
    const std::string near = did_you_mean(target, words);
    notes_.error(spot, fmt::format("there is no node '{}'", target),
                 near.empty() ? "write skip, fail_run or the id of a node" : near);
  }

  const doc::Document& document_;
  graph::Graph& graph_;
  Notes& notes_;
  std::vector<std::string> ids_;
  std::unordered_set<std::string> known_;
  std::set<std::pair<std::string, std::string>> taken_;  ///< edges on failure
};

}  // namespace

std::optional<graph::Edge> read_edge(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Edge edge{.from = {fields.text("from", Need::required)},
                   .to = {fields.text("to", Need::required)},
                   .on = fields.choice("on", kEnds).value_or(graph::EdgeOn::success)};
  edge.where = notes.locate(spot);
  if (const auto when = fields.find("when")) edge.when = text_at(*when, notes);
  edge.otherwise = fields.flag("else").value_or(false);
  if (edge.otherwise && edge.when) {
    notes.error(*fields.find("else"), "an edge has a condition or is the 'else' of the others, not both",
                "take 'when' or 'else' out");
  }
  fields.finish(Unknown::error);
  const bool broken = notes.is_spoilt(spot.path + "/from") || notes.is_spoilt(spot.path + "/to");
  return broken ? std::nullopt : std::optional(edge);
}

void add_then_edges(const doc::Document& document, const std::vector<std::string>& group_ids, graph::Graph& graph,
                    Notes& notes) {
  ThenEdges edges(document, group_ids, graph, notes);
  for (const graph::Node& node : graph.nodes) edges.add(node);
}

}  // namespace oe::formats
