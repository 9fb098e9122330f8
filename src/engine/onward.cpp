#include <vector>

#include "oe/engine/plan.hpp"

namespace oe::engine {

std::set<NodeId> onward(const Plan& plan, const std::set<NodeId>& starts) {
  const std::size_t count = plan.nodes().size();
  std::vector<bool> reached(count + plan.joins().size());
  std::vector<std::size_t> open;
  for (std::size_t position = 0; position < count; ++position)
    if (starts.contains(plan.nodes()[position].node->id)) open.push_back(position);
  std::set<NodeId> nodes;
  while (!open.empty()) {
    const std::size_t place = open.back();
    open.pop_back();
    if (reached[place]) continue;
    reached[place] = true;
    if (place < count) nodes.insert(plan.nodes()[place].node->id);
    const auto& next = place < count ? plan.nodes()[place].successors : plan.joins()[place - count].successors;
    open.insert(open.end(), next.begin(), next.end());
  }
  return nodes;
}

}  // namespace oe::engine
