#include <fmt/core.h>
#include <vector>

#include "oe/base/text.hpp"

#include "cli/drive.hpp"

namespace oe::cli {

namespace {

Result<std::size_t> position_of(const engine::Plan& plan, const std::string& node) {
  std::vector<std::string> ids;
  for (std::size_t position = 0; position < plan.nodes().size(); ++position) {
    ids.push_back(plan.nodes()[position].node->id.text);
    if (ids.back() == node) return position;
  }
  const std::string near = did_you_mean(node, ids);
  return fail(ErrorKind::usage, fmt::format("the workflow has no node '{}'", node),
              near.empty() ? "it has: " + ellipsis(join(ids, ", "), 300) : near);
}

// Places in the plan that cannot be reached before this one: nodes, and behind them joins.
std::vector<bool> at_or_after(const engine::Plan& plan, std::size_t start) {
  const std::size_t count = plan.nodes().size();
  std::vector<bool> reached(count + plan.joins().size());
  std::vector<std::size_t> open{start};
  while (!open.empty()) {
    const std::size_t place = open.back();
    open.pop_back();
    if (reached[place]) continue;
    reached[place] = true;
    const auto& next = place < count ? plan.nodes()[place].successors : plan.joins()[place - count].successors;
    open.insert(open.end(), next.begin(), next.end());
  }
  return reached;
}

}  // namespace

Result<Part> part_of(const engine::Plan& plan, const std::string& node, bool onward) {
  OE_TRY(const std::size_t start, position_of(plan, node));
  const std::vector<bool> later = at_or_after(plan, start);
  Part part;
  for (std::size_t position = 0; position < plan.nodes().size(); ++position) {
    const NodeId& id = plan.nodes()[position].node->id;
    if (position == start || (onward && later[position])) part.run.insert(id);
    if (!later[position]) part.taken.insert(id);
  }
  return part;
}

}  // namespace oe::cli
