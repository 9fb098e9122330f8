#pragma once

#include "oe/doc/document.hpp"

#include "doc/source.hpp"

namespace oe::doc {

/// A tree whose aliases do not know their targets yet: it is still to be moved to its place (see bind_aliases).
struct Tree {
  Node root;
  std::vector<std::size_t> alias_targets;  ///< Anchored::order of each alias in file order
};

/// Reads the one YAML document of a source (valid UTF-8), keeping every limit but `bytes`.
Result<Tree> build_tree(const Source& source, const Limits& limits);

}  // namespace oe::doc
