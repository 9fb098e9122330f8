#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oe::evolve {

/// What taking a change back does to one file.
struct ReversedFile {
  std::string path;   ///< relative to the root
  std::string diff;   ///< unified, the other way round; empty: the change made the file
  std::string bytes;  ///< of a file that the change made
  friend bool operator==(const ReversedFile&, const ReversedFile&) = default;
};

/// Turns a diff as Repository::diff() writes it round, a file at a time.
std::vector<ReversedFile> reverse_diff(std::string_view diff);

}  // namespace oe::evolve
