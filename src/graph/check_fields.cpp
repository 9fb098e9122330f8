#include <fmt/core.h>
#include <unordered_set>

#include "oe/base/text.hpp"

#include "graph/index.hpp"

namespace oe::graph {

namespace {

std::string reader_of(const Index& index, const Mention& mention) {
  const std::string name = mention.node ? index.node_names[*mention.node] : "";
  switch (mention.use) {
    case Mention::Use::reads:
      return fmt::format("node '{}' reads", name);
    case Mention::Use::args:
      return fmt::format("an argument of node '{}' names", name);
    case Mention::Use::source:
      return fmt::format("{} '{}' names", each(index.graph.nodes[*mention.node]) ? "for_each of node" : "pipeline", name);
    case Mention::Use::when:
      return "the condition reads";
    case Mention::Use::until:
      return fmt::format("'until' of '{}' reads", name);
    case Mention::Use::output:
      return "this output names";
  }
  return name;
}

std::string declaration_hint(const Index& index, const std::string& field) {
  const std::string near = did_you_mean(field, index.root.field_names);
  return near.empty() ? "declare it under state.schema" : near;
}

// A path to a field that is not declared is unset, in arguments and conditions silently so (section 2 of the
// reference): such a workflow runs, so it is only warned about.
Severity severity_of(Mention::Use use) {
  const bool only_unset = use == Mention::Use::args || use == Mention::Use::when || use == Mention::Use::until;
  return only_unset ? Severity::warning : Severity::error;
}

void report_undeclared(const Index& index, const Mention& mention, Problems& problems) {
  problems.push_back({.severity = severity_of(mention.use),
                      .where = place_below(*mention.where, mention.below),
                      .message = fmt::format("{} '{}', which is not declared in state.schema",
                                             reader_of(index, mention), mention.field),
                      .hint = declaration_hint(index, mention.field)});
}

void report_unwritten(const Index& index, const Mention& mention, Problems& problems) {
  problems.push_back({.severity = Severity::warning,
                      .where = place_below(*mention.where, mention.below),
                      .message = fmt::format("{} '{}', which no node writes", reader_of(index, mention), mention.field),
                      .hint = "let a node write it, or take it out"});
}

// A field that nobody writes is reported once.
void check_reading(const Index& index, std::unordered_set<std::string_view>& reported, Problems& problems) {
  for (const Mention& mention : index.mentions) {
    if (!index.field(mention.field))
      report_undeclared(index, mention, problems);
    else if (!index.root.written.contains(mention.field) && reported.insert(mention.field).second)
      report_unwritten(index, mention, problems);
  }
}

void check_writing(const Index& index, const Node& node, Problems& problems) {
  for (std::size_t i = 0; i < node.writes.size(); ++i) {
    const std::string& field = node.writes[i];
    if (index.field(field)) continue;
    problems.push_back(
        {.where = place_below(node.where, fmt::format("/writes/{}", i)),
         .message = fmt::format("node '{}' writes '{}', which is not declared in state.schema", node.id.text, field),
         .hint = declaration_hint(index, field)});
  }
}

void check_fields_in(const Index& index, std::unordered_set<std::string_view>& reported, Problems& problems) {
  check_reading(index, reported, problems);
  for (std::size_t i = 0; i < index.graph.nodes.size(); ++i) {
    // What a pipeline or a loop writes stands at the nodes in it.
    if (!index.bodies.contains(i)) check_writing(index, index.graph.nodes[i], problems);
  }
  for (const auto& [position, body] : index.bodies) check_fields_in(*body, reported, problems);
}

}  // namespace

void check_fields(const Index& root, Problems& problems) {
  std::unordered_set<std::string_view> reported;
  check_fields_in(root, reported, problems);
}

}  // namespace oe::graph
