#include "doc/anchors.hpp"

namespace oe::doc {

namespace {

struct AliasBinder {
  const std::vector<std::size_t>& targets;
  std::vector<const Node*> anchored;
  std::size_t next = 0;

  void visit(Node& node) {
    if (!node.anchor().empty()) anchored.push_back(&node);
    if (node.kind == NodeKind::alias) node.target = anchored[targets[next++]];
    for (Node& item : node.items) visit(item);
    for (Member& member : node.members) {
      visit(member.key);
      visit(member.value);
    }
  }
};

}  // namespace

std::size_t Anchors::begin(const std::string& name) {
  const std::size_t order = all_.size();
  latest_[name] = order;
  all_.push_back({.order = order});
  return order;
}

void Anchors::end(std::size_t order, std::size_t expanded, std::size_t height) {
  all_[order] = {.order = order, .open = false, .expanded = expanded, .height = height};
}

const Anchored* Anchors::find(const std::string& name) const {
  const auto found = latest_.find(name);
  return found == latest_.end() ? nullptr : &all_[found->second];
}

void bind_aliases(Node& root, const std::vector<std::size_t>& alias_targets) {
  if (alias_targets.empty()) return;
  AliasBinder{.targets = alias_targets, .anchored = {}}.visit(root);
}

}  // namespace oe::doc
