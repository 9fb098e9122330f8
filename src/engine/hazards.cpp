#include "engine/hazards.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

namespace oe::engine {

namespace {

/// What one field's later users have to wait for: when all points of the frontier have ended, so has every
/// earlier writer of the field.
struct WrittenField {
  bool set_once = false;
  std::vector<std::size_t> frontier;
};

class HazardLinker {
 public:
  HazardLinker(const std::vector<graph::StateField>& state, std::vector<PlannedNode>& nodes) : nodes_(nodes) {
    for (const graph::StateField& field : state) fields_[field.name].set_once = field.merge == graph::Merge::set_once;
  }

  std::vector<Join> link() && {
    for (std::size_t position = 0; position < nodes_.size(); ++position) link_node(position);
    return std::move(joins_);
  }

 private:
  void link_node(std::size_t position) {
    PlannedNode& planned = nodes_[position];
    std::vector<std::string> awaited = fields_needed(*planned.node, planned.conditions);
    for (const std::string& field : planned.node->writes)
      if (fields_[field].set_once) awaited.push_back(field);
    const std::set<std::string> ordered(awaited.begin(), awaited.end());
    for (const std::string& field : ordered) wait_for(planned, fields_[field]);
    for (const std::string& id : planned.nodes_read)
      if (const auto earlier = positions_.find(id); earlier != positions_.end())
        planned.waits_for.push_back(earlier->second);
    positions_.emplace(planned.node->id.text, position);
    drop_repeated_waits(planned);
    for (const std::string& field : planned.node->writes) add_writer(fields_[field], position, ordered.contains(field));
  }

  void wait_for(PlannedNode& planned, WrittenField& field) {
    if (field.frontier.empty()) return;
    if (field.frontier.size() > 1) field.frontier = {join_of(std::move(field.frontier))};
    planned.waits_for.push_back(field.frontier.front());
  }

  std::size_t join_of(std::vector<std::size_t> points) {
    joins_.push_back({.waits_for = std::move(points), .successors = {}});
    return nodes_.size() + joins_.size() - 1;
  }

  // A writer that waits for the field itself stands for every writer before it.
  static void add_writer(WrittenField& field, std::size_t position, bool waits) {
    if (waits) field.frontier.clear();
    if (field.frontier.empty() || field.frontier.back() != position) field.frontier.push_back(position);
  }

  static void drop_repeated_waits(PlannedNode& planned) {
    std::vector<std::size_t>& waits = planned.waits_for;
    std::sort(waits.begin(), waits.end());
    waits.erase(std::unique(waits.begin(), waits.end()), waits.end());
    std::vector<std::size_t> before = planned.predecessors;
    std::sort(before.begin(), before.end());
    std::erase_if(waits, [&](std::size_t point) { return std::binary_search(before.begin(), before.end(), point); });
  }

  std::vector<PlannedNode>& nodes_;
  std::vector<Join> joins_;
  std::unordered_map<std::string, WrittenField> fields_;
  std::unordered_map<std::string, std::size_t> positions_;  ///< of the nodes before, by id
};

}  // namespace

std::vector<Join> link_hazards(const std::vector<graph::StateField>& state, std::vector<PlannedNode>& nodes) {
  return HazardLinker(state, nodes).link();
}

std::vector<std::string> fields_needed(const graph::Node& node,
                                       const std::vector<std::optional<graph::Expression>>& conditions) {
  std::vector<std::string> fields;
  std::set<std::string, std::less<>> seen;
  const auto add = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names)
      if (seen.insert(name).second) fields.push_back(name);
  };
  add(node.reads);
  add(graph::fields_of(graph::arguments(node)));
  if (const graph::Each* each = graph::each(node)) add(graph::fields_of(Value::of(each->source)));
  for (const std::optional<graph::Expression>& condition : conditions)
    if (condition) add(condition->fields());
  return fields;
}

}  // namespace oe::engine
