#include <algorithm>
#include <fmt/core.h>
#include <unordered_map>
#include <unordered_set>

#include "oe/base/text.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

constexpr std::uint32_t kDefaultRounds = 100;  // section 3.7 of the reference

// The entries of graph.pipelines and graph.loops.
class GroupReader {
 public:
  GroupReader(const graph::Graph& graph, Notes& notes) : notes_(notes) {
    for (const graph::Node& node : graph.nodes) node_names_.push_back(node.id.text);
    nodes_.insert(node_names_.begin(), node_names_.end());
  }

  void pipeline(const Spot& spot) {
    Fields fields(spot, notes_);
    if (!fields.usable()) return;
    Group group = begin(fields);
    graph::Each each;
    if (const auto items = fields.find("items", Need::required)) read_items(*items, notes_, each);
    each.lanes = static_cast<std::uint32_t>(fields.integer("concurrency", 1, kMostCount).value_or(1));
    const std::vector<Spot> stages = fields.items("stages", Need::required);
    if (const auto list = fields.find("stages"); list && stages.empty() && !notes_.is_spoilt(list->path)) {
      notes_.error(*list, "must hold at least one stage");
    }
    for (const Spot& stage : stages) add_member(group, stage);
    const std::uint64_t at_once = std::uint64_t{*each.lanes} * std::max<std::size_t>(group.members.size(), 1);
    each.concurrency = static_cast<std::uint32_t>(std::min<std::uint64_t>(at_once, kMostCount));
    group.node.work = std::move(each);
    end(fields, std::move(group));
  }

  void loop(const Spot& spot) {
    Fields fields(spot, notes_);
    if (!fields.usable()) return;
    Group group = begin(fields);
    graph::Repeat repeat;
    if (const auto budget = fields.find("budget")) repeat.budget = read_budget(*budget, notes_);
    if (const auto body = fields.find("body", Need::required)) read_body(*body, group);
    const auto until = fields.find("until");
    if (until) repeat.until = text_at(*until, notes_);
    const bool bounded = fields.find("max_iters").has_value();
    repeat.max_rounds = static_cast<std::uint32_t>(fields.integer("max_iters", 1, kMostCount).value_or(kDefaultRounds));
    if (!until && !bounded) notes_.error(spot, "the loop has no end", "add 'until: ...' or 'max_iters: ...'");
    group.node.work = std::move(repeat);
    end(fields, std::move(group));
  }

  std::vector<Group> take() && { return std::move(groups_); }

 private:
  Group begin(Fields& fields) {
    Group group{.node = {.id = {read_id(fields)}, .where = notes_.locate(fields.spot())}, .members = {}};
    group.node.phase = fields.text("phase");
    group.node.join = fields.choice("join", kJoins).value_or(graph::JoinMode::all);
    return group;
  }

  void end(Fields& fields, Group group) {
    fields.finish(Unknown::error);
    const std::string& id = group.node.id.text;
    if (id.empty()) return;
    const bool is_node = nodes_.contains(id), is_group = !group_names_.insert(id).second;
    if (is_node || is_group) {
      notes_.error(*fields.find("id"),
                   fmt::format("'{}' is the id of {} already", id, is_node ? "a node" : "another group"),
                   "a pipeline or loop is a node of the graph, under an id of its own");
    } else if (!group.members.empty()) {
      groups_.push_back(std::move(group));
    }
  }

  void read_body(const Spot& spot, Group& group) {
    if (spot.content().kind != doc::NodeKind::sequence) return add_member(group, spot);
    if (spot.content().items.empty()) notes_.error(spot, "must name at least one node");
    for (std::size_t i = 0; i < spot.content().items.size(); ++i) add_member(group, spot.item(i));
  }

  void add_member(Group& group, const Spot& spot) {
    const auto name = text_at(spot, notes_);
    if (!name) return;
    if (!nodes_.contains(*name)) {
      notes_.error(spot, fmt::format("there is no node '{}'", *name), did_you_mean(*name, node_names_));
      return;
    }
    const auto [owner, is_free] = owners_.emplace(*name, group.node.id.text);
    if (is_free) return group.members.push_back({*name, spot});
    notes_.error(spot, fmt::format("'{}' is in '{}' already", *name, owner->second),
                 "a node belongs to one pipeline or loop, once");
  }

  Notes& notes_;
  std::vector<std::string> node_names_;
  std::unordered_set<std::string> nodes_;
  std::unordered_set<std::string> group_names_;
  std::unordered_map<std::string, std::string> owners_;  ///< node -> the group that it is in
  std::vector<Group> groups_;
};

}  // namespace

std::vector<Group> read_groups(Fields& graph_fields, const graph::Graph& graph) {
  GroupReader reader(graph, graph_fields.notes());
  for (const Spot& pipeline : graph_fields.items("pipelines")) reader.pipeline(pipeline);
  for (const Spot& loop : graph_fields.items("loops")) reader.loop(loop);
  return std::move(reader).take();
}

}  // namespace oe::formats
