#include "engine/progress.hpp"

#include <utility>

#include "engine/join.hpp"

namespace oe::engine {

using ledger::Outcome;

Progress::Progress(const Plan& plan) : plan_(plan), ends_(plan.nodes().size()) {
  for (const PlannedNode& planned : plan.nodes())
    missing_.push_back(planned.predecessors.size() + planned.waits_for.size());
  for (const Join& join : plan.joins()) missing_.push_back(join.waits_for.size());
  for (std::size_t position = 0; position < ends_.size(); ++position)
    if (missing_[position] == 0) next_.push(position);
}

std::optional<std::size_t> Progress::next() {
  if (next_.empty()) return std::nullopt;
  const std::size_t position = next_.top();
  next_.pop();
  return position;
}

const std::vector<std::size_t>& Progress::successors(std::size_t point) const {
  const std::size_t nodes = plan_.nodes().size();
  return point < nodes ? plan_.nodes()[point].successors : plan_.joins()[point - nodes].successors;
}

void Progress::end(std::size_t position, NodeEnd how) {
  if (how.outcome == Outcome::succeeded)
    ++succeeded_;
  else if (how.outcome != Outcome::skipped)
    ++spoiled_;
  ends_[position] = std::move(how);
  ++ended_;
  std::vector<std::size_t> passed{position};
  while (!passed.empty()) {
    const std::size_t point = passed.back();
    passed.pop_back();
    for (const std::size_t successor : successors(point)) {
      if (--missing_[successor] != 0) continue;
      if (successor < ends_.size())
        next_.push(successor);
      else
        passed.push_back(successor);
    }
  }
}

std::optional<Skip> Progress::skip(std::size_t position, const graph::Lookup& lookup) const {
  return skip_by_join(plan_, position, [this](std::size_t before) -> const NodeEnd& { return *ends_[before]; }, lookup);
}

}  // namespace oe::engine
