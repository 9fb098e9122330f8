#include <fmt/core.h>
#include <vector>

#include "oe/base/text.hpp"

#include "cli/drive.hpp"

namespace oe::cli {

namespace {

Result<void> check_node(const engine::Plan& plan, const std::string& node) {
  std::vector<std::string> ids;
  for (const engine::PlannedNode& planned : plan.nodes()) {
    ids.push_back(planned.node->id.text);
    if (ids.back() == node) return {};
  }
  const std::string near = did_you_mean(node, ids);
  return fail(ErrorKind::usage, fmt::format("the workflow has no node '{}'", node),
              near.empty() ? "it has: " + ellipsis(join(ids, ", "), 300) : near);
}

}  // namespace

Result<Part> part_of(const engine::Plan& plan, const std::string& node, bool onward) {
  OE_CHECK(check_node(plan, node));
  const NodeId start{node};
  const std::set<NodeId> later = engine::onward(plan, {start});
  Part part{.run = onward ? later : std::set{start}};
  for (const engine::PlannedNode& planned : plan.nodes())
    if (!later.contains(planned.node->id)) part.taken.insert(planned.node->id);
  return part;
}

}  // namespace oe::cli
