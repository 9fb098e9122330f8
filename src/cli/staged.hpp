#pragma once

#include "oe/base/problem.hpp"
#include "oe/graph/graph.hpp"
#include "oe/hooks/staged.hpp"
#include "oe/hooks/valid.hpp"

namespace oe::cli {

/// A workflow of the index that was not known to be valid, and has been looked at.
struct StagedWorkflow {
  std::string path;
  std::string text;
  Problems errors;
  std::vector<std::string> unstaged;  ///< files that it names, that are there, and that the commit would not have
  bool stops = false;  ///< it has errors, and it, or a file that it names, is another one at HEAD
  graph::Graph graph;
  hooks::Looked looked;
};

/// Looks at the workflows of an index that are not known yet, and keeps what may be let through.
Result<std::vector<StagedWorkflow>> look_at_staged(const git::Place& place, const hooks::StagedTree& tree);

}  // namespace oe::cli
