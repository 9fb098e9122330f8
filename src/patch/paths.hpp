#pragma once

#include <optional>
#include <string>
#include <vector>

#include "patch/change.hpp"

namespace oe::patch {

/// Which file a change is about.
struct Resolved {
  std::string path;
  bool exists = false;
  Rungs rungs = 0;
  std::optional<std::string> text;  ///< of the file, when it had to be read
};

/// Tells by the tree. Errors: bad_path.
tl::expected<Resolved, Refusal> resolve(const FileChange& change, const std::string& target, const Tree& tree);

/// Why nothing may be written there: the path leaves the tree, is git's or oe's own, or has control characters. Nothing:
/// it may be written.
std::optional<Refusal> objection_to(const std::string& path);

}  // namespace oe::patch
