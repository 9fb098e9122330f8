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

}  // namespace oe::patch
