#pragma once

#include <optional>

#include "oe/formats/reader.hpp"
#include "oe/graph/graph.hpp"

#include "formats/fields.hpp"

namespace oe::formats {

// The parts of the experience.yaml reader (section 1 of the OpenExpertise reference). Each notes what is wrong and
// gives what it could make out.

/// An item of graph.nodes, with its for_each lowered. Nothing when it is no mapping.
std::optional<graph::Node> read_node(const Spot& spot, Notes& notes);

/// What a node of a kind does; `work` reads the keys that only this kind has.
struct Kind {
  std::string_view name;
  graph::Work (*work)(Fields& node);
  std::int64_t least_timeout_ms = 1;
  std::optional<std::int64_t> default_timeout_ms = std::nullopt;
};
/// The kind that the node names; nothing, with an error noted, when there is no such kind.
const Kind* read_kind(Fields& node);

graph::Dataset read_dataset(Fields& node);

/// graph.pipelines and graph.loops: checked in full, then recorded as unsupported.
void read_constructs(Fields& graph_fields, graph::Graph& graph);

/// Files that the graph names and that are missing or of the wrong kind, and placeholders of prompt files.
void check_files(const graph::Graph& graph, const doc::Document& document, const Files& files, Notes& notes);

}  // namespace oe::formats
