#pragma once

#include <optional>

#include "oe/formats/reader.hpp"
#include "oe/graph/graph.hpp"

#include "formats/fields.hpp"

namespace oe::formats {

class Library;

// The parts of the experience.yaml reader (section 1 of the OpenExpertise reference). Each notes what is wrong and
// gives what it could make out.

/// A workflow that is being read.
struct Source {
  doc::Document document;
  std::string directory;  ///< relative to the one of the root workflow, "" for that
  Files files;            ///< by paths relative to `directory`
  Library& library;
};
Reading read_experience(Source source);

inline constexpr std::array<Word<graph::FieldType>, 6> kFieldTypes = {{
    {"string", graph::FieldType::string},
    {"number", graph::FieldType::number},
    {"boolean", graph::FieldType::boolean},
    {"object", graph::FieldType::object},
    {"array", graph::FieldType::array},
    {"null", graph::FieldType::null},
}};

/// inputs, outputs, metrics and secrets.
void read_interface(Fields& top, graph::Graph& graph);
/// `on:` of a workflow: one trigger, or a list.
std::vector<graph::Trigger> read_triggers(const Spot& spot, Notes& notes);
graph::Runtime read_runtime(const Spot& spot, Notes& notes);

/// An item of graph.nodes, with its for_each lowered. Nothing when it is no mapping.
std::optional<graph::Node> read_node(const Spot& spot, Notes& notes);
/// The id of a node, pipeline or loop.
std::string read_id(Fields& fields);
graph::OnError read_on_error(const Spot& spot, Notes& notes);
graph::Budget read_budget(const Spot& spot, Notes& notes);
/// Nothing for `false`.
std::optional<graph::Sandbox> read_sandbox(const Spot& spot, Notes& notes);

/// What a node of a kind does; `work` reads the keys that only this kind has.
struct Kind {
  std::string_view name;
  graph::Work (*work)(Fields& node);
  std::int64_t least_timeout_ms = 1;
  std::optional<std::int64_t> default_timeout_ms = std::nullopt;
};
/// The kind that the node names; nothing, with an error noted, when there is no such kind.
const Kind* read_kind(Fields& node);
graph::Work read_human(Fields& node);

/// `models:` of a workflow or of the configuration.
graph::Models read_models_at(const Spot& spot, Notes& notes);
/// Whether `default`, `advisor` and fallbacks name models, and fallbacks come to an end.
void check_aliases(const graph::Models& models, Fields& fields);
/// The member `provider`: a row of llm::providers(), or empty.
std::string provider_of(Fields& fields, Need need);

/// A dataset source.
graph::Dataset read_source(const Spot& spot, Notes& notes);
/// What a for_each or a pipeline goes over: a path, or a dataset source.
void read_items(const Spot& spot, Notes& notes, graph::Each& each);

inline constexpr std::array<Word<graph::JoinMode>, 3> kJoins = {{
    {"all", graph::JoinMode::all},
    {"any", graph::JoinMode::any},
    {"none_failed", graph::JoinMode::none_failed},
}};
inline constexpr std::int64_t kMostCount = std::numeric_limits<std::uint32_t>::max();

std::optional<graph::Edge> read_edge(const Spot& spot, Notes& notes);
/// The edges that `then: <node>` of the nodes' on_error stand for.
void add_then_edges(const doc::Document& document, const std::vector<std::string>& group_ids, graph::Graph& graph,
                    Notes& notes);

/// A pipeline or loop: the node it becomes, with an empty body, and the nodes that go into it.
struct Group {
  struct Member {
    std::string id;
    Spot spot;
  };
  graph::Node node;
  std::vector<Member> members;
  bool is_pipeline() const { return std::holds_alternative<graph::Each>(node.work); }
};
/// graph.pipelines and graph.loops. Members that do not exist are left out.
std::vector<Group> read_groups(Fields& graph_fields, const graph::Graph& graph);
/// Puts the members of each group into its body and leads their edges to and from outside to the group.
void lower_groups(std::vector<Group> groups, graph::Graph& graph, Notes& notes);
/// What the body of a group reads and writes, each field once.
std::vector<std::string> fields_read_by(const graph::Graph& body);
std::vector<std::string> fields_written_by(const graph::Graph& body);

/// Gives each `experience` node its body.
void include_children(const Source& source, graph::Graph& graph, Notes& notes);
/// What the node asks of its child against what the child declares; a shared child's reads and writes are added to
/// those of the node.
void fit_child(graph::Node& node, const Spot& spot, const graph::Graph& parent, Notes& notes);
/// Writes all relative paths of a graph as they are from the directory above `prefix`.
void rebase(graph::Graph& graph, const std::string& prefix);
/// `path` below the directory `prefix`, without needless "." and "..".
std::string below(const std::string& prefix, const std::string& path);

/// Fills Agent::names from the prompt files that can be read.
void name_prompts(graph::Graph& graph, const Files& files);
/// Files that the graph names and that are missing or of the wrong kind, and placeholders of prompt files.
void check_files(const graph::Graph& graph, const doc::Document& document, const Files& files, Notes& notes);

}  // namespace oe::formats
