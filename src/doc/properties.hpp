#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oe::doc {

/// What stands in front of a node: its tag as it is written, and where the node itself begins.
struct Properties {
  std::string tag;
  std::size_t end = 0;         ///< after the last anchor or tag
  std::size_t next_token = 0;  ///< after the white space, line ends and comments that follow
};

/// Reads `&anchor` and `!tag`, in any order, that begin at byte `offset`.
Properties read_properties(std::string_view text, std::size_t offset);

/// The first byte from `offset` on that is neither white space nor part of a comment.
std::size_t skip_blanks_and_comments(std::string_view text, std::size_t offset);

}  // namespace oe::doc
