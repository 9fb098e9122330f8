#include "cli/repository_path.hpp"

#include <filesystem>
#include <fmt/core.h>

namespace oe::cli {

Result<std::string> repository_path(const git::Place& place, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path root = fs::canonical(place.root, error);
  const fs::path full = fs::weakly_canonical(fs::absolute(path, error), error);
  const fs::path relative = full.lexically_relative(root);
  if (error || relative.empty() || *relative.begin() == "..")
    return fail(ErrorKind::input, fmt::format("{} leads outside the repository at {}", path, place.root.string()));
  const std::string text = relative.generic_string();
  return text == "." ? std::string() : text;
}

}  // namespace oe::cli
