#include <algorithm>
#include <cstdlib>
#include <unistd.h>

#include "oe/base/text.hpp"
#include "oe/sys/process.hpp"

namespace oe::sys {
namespace fs = std::filesystem;
namespace {

// What exec(3) takes when PATH is not set.
constexpr std::string_view kDefaultPath = "/usr/local/bin:/bin:/usr/bin";

bool names(std::string_view entry, std::string_view name) {
  return entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name);
}

bool is_executable_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<fs::path> executable(const fs::path& path) {
  std::error_code ignored;
  if (!is_executable_file(path)) return std::nullopt;
  return fs::absolute(path, ignored).lexically_normal();
}

}  // namespace

Environment environment_with(const std::vector<std::pair<std::string, std::optional<std::string>>>& changes) {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const auto changed = [&](const auto& change) { return names(*entry, change.first); };
    if (std::none_of(changes.begin(), changes.end(), changed)) environment.emplace_back(*entry);
  }
  for (const auto& [name, value] : changes)
    if (value) environment.push_back(name + "=" + *value);
  return environment;
}

std::optional<fs::path> find_program(std::string_view name) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string_view::npos) return executable(name);
  const char* path = std::getenv("PATH");
  for (const std::string& directory : split(path != nullptr ? path : kDefaultPath, ':'))
    if (auto found = executable(fs::path(directory.empty() ? "." : directory) / name)) return found;
  return std::nullopt;
}

}  // namespace oe::sys
