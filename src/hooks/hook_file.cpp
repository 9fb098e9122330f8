#include "hooks/hook_file.hpp"

#include <system_error>

#include "oe/sys/file.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostHookBytes = std::size_t{64} << 20;

bool is_ours(const fs::path& path) {
  return origin_at(path) != Origin::other;
}

HookState state_without_ours(const HookFile& hook) {
  const std::string_view tool = tool_behind(bytes_of(hook.path()));
  if (tool == "pre-commit" && is_ours(hook.moved(tool))) return HookState::behind;
  if (is_there(hook.kept()) && !is_same(hook.path(), hook.kept())) return HookState::replaced;
  if (!tool.empty() && is_ours(hook.moved(tool))) return HookState::replaced;
  return is_there(hook.path()) ? HookState::foreign : HookState::absent;
}

}  // namespace

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

std::string bytes_of(const fs::path& path) {
  return sys::read_file(path, kMostHookBytes).value_or("");
}

Origin origin_at(const fs::path& path) {
  return origin_of(bytes_of(path));
}

bool is_same(const fs::path& a, const fs::path& b) {
  std::error_code error;
  const fs::file_status first = fs::symlink_status(a, error);
  const fs::file_status second = fs::symlink_status(b, error);
  if (first.type() != second.type() || first.type() == fs::file_type::not_found) return false;
  if (fs::is_symlink(first)) return fs::read_symlink(a, error) == fs::read_symlink(b, error);
  return first.permissions() == second.permissions() && bytes_of(a) == bytes_of(b);
}

HookState state_of(const HookFile& hook) {
  switch (origin_at(hook.path())) {
    case Origin::program:
      return HookState::alone;
    case Origin::script:
      return is_there(hook.kept()) ? HookState::first : HookState::alone;
    case Origin::edited:
      return HookState::edited;
    case Origin::other:
      break;
  }
  return state_without_ours(hook);
}

}  // namespace oe::hooks
