#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "oe/doc/document.hpp"

namespace oe::evolve {

/// A node of a workflow file or one of its values, and the lines that it takes.
struct FilePlace {
  std::string node;  ///< its id; empty: no node's
  std::string pointer;
  std::string name;  ///< empty: the node itself, where it begins
  std::string value;
  std::uint32_t first_line = 0;  ///< from 1
  std::uint32_t last_line = 0;
  friend bool operator==(const FilePlace&, const FilePlace&) = default;
};

/// Every mapping of a list that has an id counts as a node, whatever construct it is in; what is no node's is told as
/// deep as there are mappings. In the order of the file.
std::vector<FilePlace> file_places(const doc::Document& document);

}  // namespace oe::evolve
