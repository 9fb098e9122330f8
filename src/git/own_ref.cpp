#include "git/own_ref.hpp"

#include <chrono>
#include <fmt/format.h>
#include <string_view>

#include "git/tree_path.hpp"

namespace oe::git {
namespace {

constexpr std::chrono::seconds kStaleLock{2};

}  // namespace

Result<void> check_own_ref(const std::string& name) {
  const bool is_ours = name.starts_with("refs/oe/") || name == "refs/notes/oe";
  if (is_ours && check_tree_path(name) && name.find_first_of(" ~^:?*[\\") == std::string::npos) return {};
  return fail(ErrorKind::usage, fmt::format("'{}' is no name for a ref of oe", name));
}

std::string words_for_ref(const std::string& name) {
  constexpr std::string_view heads = "refs/heads/";
  return name.starts_with(heads) ? "the branch " + name.substr(heads.size()) : "the ref " + name;
}

bool remove_stale_lock(const std::filesystem::path& common_dir, const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path lock = common_dir / (name + ".lock");
  std::error_code error;
  const fs::file_time_type since = fs::last_write_time(lock, error);
  const bool is_stale = !error && fs::file_time_type::clock::now() - since > kStaleLock;
  return is_stale && fs::remove(lock, error);
}

}  // namespace oe::git
