#include "graph/upstream.hpp"

#include <algorithm>

namespace oe::graph {

namespace {

// A node that many others name (a first one that everybody refers to) is looked from once instead of from each.
constexpr std::size_t kAskedOften = 8;
constexpr std::size_t kMostRemembered = 64;

}  // namespace

Upstream::Links::Links(const Graph& graph)
    : predecessors(graph.nodes.size()), successors(graph.nodes.size()), order(graph.nodes.size(), graph.nodes.size()) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) positions.emplace(graph.nodes[i].id.text, i);
  for (const Edge& edge : graph.edges) {
    const auto from = positions.find(edge.from.text), to = positions.find(edge.to.text);
    if (from == positions.end() || to == positions.end()) continue;
    predecessors[to->second].push_back(from->second);
    successors[from->second].push_back(to->second);
  }
  const std::vector<std::size_t> sorted = topological_order(graph);
  for (std::size_t i = 0; i < sorted.size(); ++i) order[sorted[i]] = i;
}

const Upstream::Links& Upstream::links() const {
  return links_ ? *links_ : links_.emplace(graph_);
}

bool Upstream::has(std::string_view id) const {
  return links().positions.contains(id);
}

bool Upstream::is_before(std::string_view before, std::string_view after) const {
  const auto& positions = links().positions;
  const auto from = positions.find(before), to = positions.find(after);
  if (from == positions.end() || to == positions.end()) return false;
  const std::vector<std::size_t>& direct = links().predecessors[to->second];
  if (std::ranges::find(direct, from->second) != direct.end()) return true;
  const std::size_t often = ++asked_[from->second];
  if (often < kAskedOften || (reached_.size() >= kMostRemembered && !reached_.contains(from->second))) {
    return search_back(from->second, to->second);
  }
  return reached_from(from->second)[to->second];
}

// Never further back than where `before` stands.
bool Upstream::search_back(std::size_t before, std::size_t after) const {
  std::vector<std::size_t> open = {after};
  std::unordered_map<std::size_t, bool> seen;
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    for (const std::size_t previous : links_->predecessors[node]) {
      if (previous == before) return true;
      if (links_->order[previous] > links_->order[before] && seen.emplace(previous, true).second) open.push_back(previous);
    }
  }
  return false;
}

const std::vector<bool>& Upstream::reached_from(std::size_t node) const {
  const auto [found, is_new] = reached_.try_emplace(node, links_->order.size(), false);
  std::vector<std::size_t> open;
  if (is_new) open.push_back(node);
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::size_t next : links_->successors[at]) {
      if (found->second[next]) continue;
      found->second[next] = true;
      open.push_back(next);
    }
  }
  return found->second;
}

}  // namespace oe::graph
