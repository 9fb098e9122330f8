#include "evolve/stack.hpp"

#include <set>

namespace oe::evolve {

std::vector<std::optional<std::string>> stack_diffs(const JudgeContext& context, const Base& base,
                                                    const std::vector<Judged>& proposals) {
  std::vector<std::optional<std::string>> diffs(proposals.size());
  std::set<std::string> families;
  Base top = base;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    if (proposals[i].branch.empty()) continue;
    const Operation& operation = proposals[i].proposal.operation;
    if (!families.insert(family(to_value(operation), base.workflow)).second) continue;
    const auto patch = render(context.repository, top, operation);
    if (!patch) continue;
    const auto checked = check(context, top, operation, *patch);
    if (!checked) continue;
    auto next = read_base(context.repository, checked->scratch, base.workflow);
    if (!next) continue;
    diffs[i] = checked->diff;
    top = std::move(*next);
  }
  return diffs;
}

}  // namespace oe::evolve
