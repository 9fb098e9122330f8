#pragma once

#include "oe/doc/document.hpp"

#include "doc/source.hpp"

namespace oe::doc {

/// Reads the one YAML document of a source (valid UTF-8) into a located tree, keeping every limit but `bytes`.
/// The targets of aliases are not set yet: the tree is still to be moved to its place.
struct Tree {
  Node root;
  std::vector<std::size_t>
      alias_targets;  ///< for each alias in file order: which anchored node it names, in file order
};
Result<Tree> build_tree(const Source& source, const Limits& limits);

/// Points each alias at what it names. `root` must not move afterwards.
void bind_aliases(Node& root, const std::vector<std::size_t>& alias_targets);

}  // namespace oe::doc
