#include "hooks/on_call.hpp"

#include <fmt/format.h>
#include <limits.h>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/hooks/install.hpp"
#include "oe/sys/file.hpp"

#include "hooks/hook_file.hpp"
#include "hooks/notes.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

fs::path note_file(const git::Place& place) {
  return notes_directory(place) / "on-call";
}
fs::path program_file(const git::Place& place) {
  return notes_directory(place) / "hook";
}

/// A copy, so that what somebody writes into the one is not in the other.
Result<void> put_copy(const fs::path& program, const HookFile& hook) {
  std::error_code error;
  fs::copy_file(program, hook.fresh(), fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(hook.fresh(), hook.path(), error);
  if (!error) return {};
  return fail(ErrorKind::environment, fmt::format("cannot put {} in its place: {}", hook.path().string(), error.message()),
              "oe hooks install");
}

}  // namespace

Result<void> let_come_and_go(const git::Place& place, const fs::path& hooks, const std::string& program) {
  OE_CHECK(sys::write_file(program_file(place), program));
  std::error_code error;
  constexpr fs::perms kExec = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  fs::permissions(program_file(place), kExec, fs::perm_options::add, error);
  if (error) return fail(ErrorKind::environment, fmt::format("cannot make {} executable", program_file(place).string()));
  return sys::write_file(note_file(place), hooks.string() + "\n");
}

void let_stay(const git::Place& place) {
  std::error_code ignored;
  fs::remove(note_file(place), ignored);
  fs::remove(program_file(place), ignored);
}

fs::path directory_on_call(const git::Place& place) {
  const auto text = sys::read_file(note_file(place), PATH_MAX);
  return text ? fs::path(trim(*text)) : fs::path();
}

Result<void> call_in(const git::Place& place, std::span<const std::string_view> names) {
  const fs::path directory = directory_on_call(place);
  if (directory.empty()) return {};
  for (const std::string_view name : names) {
    const HookFile hook{directory, std::string(name)};
    if (!is_there(hook.path())) OE_CHECK(put_copy(program_file(place), hook));
  }
  return {};
}

}  // namespace oe::hooks
