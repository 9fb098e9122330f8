#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/graph/graph.hpp"

namespace oe::evolve {

/// A file that a node names, as it names it.
struct NamedFile {
  std::string path;
  NodeId node;
  std::string_view role;  ///< "prompt", "tool", "skill", "argument"
  friend bool operator==(const NamedFile&, const NamedFile&) = default;
};
/// The texts that nodes work with, in file order, bodies of loops and pipelines included. Arguments of a command are
/// in it whether or not there is such a file; dataset files are not.
std::vector<NamedFile> named_files(const graph::Graph& graph);

/// A dataset file that the workflow loads.
struct DatasetFile {
  std::string path;  ///< as a patch names it: normal, relative to the workflow's directory
  graph::RowFormat format = graph::RowFormat::json;
  NodeId loader;      ///< the dataset node, or the for_each that reads it itself
  std::string field;  ///< that gets the rows; empty for a for_each
  NodeId consumer;    ///< the fan-out that runs over the rows; empty when there is none
  friend bool operator==(const DatasetFile&, const DatasetFile&) = default;
};
/// Those inside the workflow's directory.
std::vector<DatasetFile> dataset_files(const graph::Graph& graph);

/// "data/x.json" for "./data/x.json"; nothing for a path that leaves the workflow's directory.
std::optional<std::string> inside_directory(const std::string& path);

}  // namespace oe::evolve
