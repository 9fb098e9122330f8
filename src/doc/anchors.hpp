#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "oe/doc/document.hpp"

namespace oe::doc {

/// A node that an alias may name.
struct Anchored {
  std::size_t order = 0;     ///< among all anchored nodes of the file
  bool open = true;          ///< its end has not been read yet
  std::size_t expanded = 0;  ///< nodes in it when every alias is written out
  std::size_t height = 0;    ///< containers on the longest way down, itself included
};

/// The anchored nodes of a file while it is read.
class Anchors {
 public:
  /// A node with an anchor begins; the name stands for it from now on. Returns its order.
  std::size_t begin(const std::string& name);
  void end(std::size_t order, std::size_t expanded, std::size_t height);
  /// The latest node with this name, or nullptr; valid until the next begin.
  const Anchored* find(const std::string& name) const;

 private:
  std::vector<Anchored> all_;
  std::unordered_map<std::string, std::size_t> latest_;
};

/// Points each alias at what it names: `alias_targets` gives for each alias in file order the order of its target.
/// `root` must not move afterwards.
void bind_aliases(Node& root, const std::vector<std::size_t>& alias_targets);

}  // namespace oe::doc
