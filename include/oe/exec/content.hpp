#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"

namespace oe::exec {

/// Path -> sha256 of the bytes of every file that a node's work depends on as far as the graph and the files say: the
/// tool and what it imports relatively (import, export from, require with a literal path; import cycles are fine), a
/// prompt, a SKILL.md, a dataset file, the program of a command when it is a path, and for a node with a body those of
/// all nodes in it. Paths are relative to `directory` where they are below it. A file that is missing has the digest "".
/// Errors: environment, when a file is there and cannot be read.
Result<std::map<std::string, std::string>> files_of(const graph::Node& node, const std::filesystem::path& directory);

/// One digest for a whole workflow as far as it runs code: the graph's file and files_of() all of its nodes.
Result<std::string> content_digest(const graph::Graph& graph, std::string_view workflow_text,
                                   const std::filesystem::path& directory);

}  // namespace oe::exec
