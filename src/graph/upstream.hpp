#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "oe/graph/graph.hpp"

namespace oe::graph {

/// Which nodes have ended before others begin, by the edges. Keeps a reference to the graph; costs nothing before the
/// first question.
class Upstream {
 public:
  explicit Upstream(const Graph& graph) : graph_(graph) {}

  /// False for ids that are not there.
  bool is_before(std::string_view before, std::string_view after) const;
  bool has(std::string_view id) const;

 private:
  struct Links {
    explicit Links(const Graph& graph);
    std::unordered_map<std::string_view, std::size_t> positions;
    std::vector<std::vector<std::size_t>> predecessors;
    std::vector<std::vector<std::size_t>> successors;
    std::vector<std::size_t> order;  ///< place of each node in topological order; past the end on a cycle
  };

  const Links& links() const;
  bool search_back(std::size_t before, std::size_t after) const;
  const std::vector<bool>& reached_from(std::size_t node) const;

  const Graph& graph_;
  mutable std::optional<Links> links_;
  mutable std::unordered_map<std::size_t, std::size_t> asked_;  ///< how often a node was asked for
  mutable std::unordered_map<std::size_t, std::vector<bool>> reached_;
};

}  // namespace oe::graph
