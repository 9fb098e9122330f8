#include "oe/hooks/install.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

#include "hooks/hook_file.hpp"
#include "hooks/notes.hpp"
#include "hooks/on_call.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> cannot(std::string_view what, const fs::path& path, int code) {
  return fail(ErrorKind::environment, fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(code)));
}

Result<void> move_over(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return {};
  return cannot("put back or replace", to, errno);
}

Result<void> remove_file(const fs::path& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return cannot("remove", path, errno);
}

/// A second name for the hook that is there, so that git finds it under the first until ours takes that over.
Result<void> keep(const HookFile& hook) {
  if (is_there(hook.kept())) return {};
  if (::linkat(AT_FDCWD, hook.path().c_str(), AT_FDCWD, hook.kept().c_str(), 0) == 0) return {};
  // A file system without hard links.
  std::error_code error;
  fs::copy(hook.path(), hook.fresh(), fs::copy_options::copy_symlinks | fs::copy_options::overwrite_existing, error);
  if (error) return cannot("keep a copy of", hook.path(), error.value());
  return move_over(hook.fresh(), hook.kept());
}

Result<void> write_hook(const HookFile& hook, const std::string& bytes) {
  if (bytes_of(hook.path()) == bytes) return {};
  OE_CHECK(sys::write_file(hook.fresh(), bytes));
  std::error_code error;
  constexpr fs::perms kExec = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  fs::permissions(hook.fresh(), kExec, fs::perm_options::add, error);
  if (error) return cannot("make executable", hook.fresh(), error.value());
  return move_over(hook.fresh(), hook.path());
}

/// lefthook kept ours and does not run it. The one that we had kept is what it would have kept without us.
Result<void> make_room(const HookFile& hook) {
  const fs::path dead = hook.moved("lefthook");
  if (origin_at(dead) == Origin::other) return {};
  return is_there(hook.kept()) ? move_over(hook.kept(), dead) : remove_file(dead);
}

Result<void> put_in(const HookFile& hook, const HooksDirectory& directory, const Programs& programs,
                    const std::string& program_bytes) {
  const HookState state = state_of(hook);
  if (state == HookState::behind) return {};
  if (state == HookState::replaced) OE_CHECK(make_room(hook));
  const bool is_ours = state == HookState::alone || state == HookState::first || state == HookState::edited;
  if (!is_ours && is_there(hook.path())) OE_CHECK(keep(hook));
  const bool is_alone = !is_there(hook.kept());
  if (is_alone && directory.shared.empty()) return write_hook(hook, program_bytes);
  return write_hook(hook, script_for(hook.name, bytes_of(hook.kept()), programs.hook));
}

/// Whatever goes by this name, with ours taken out of it.
Result<void> take_out_at(const HookFile& hook, const fs::path& path) {
  return is_there(hook.kept()) ? move_over(hook.kept(), path) : remove_file(path);
}

Result<void> take_out(const HookFile& hook) {
  OE_CHECK(remove_file(hook.fresh()));
  if (origin_at(hook.path()) != Origin::other) return take_out_at(hook, hook.path());
  for (const std::string_view tool : {"pre-commit", "lefthook"})
    if (origin_at(hook.moved(tool)) != Origin::other) return take_out_at(hook, hook.moved(tool));
  return is_same(hook.path(), hook.kept()) ? remove_file(hook.kept()) : Result<void>();
}

bool are_two(const HookFile& hook) {
  return state_of(hook) == HookState::replaced && is_there(hook.kept()) && tool_behind(bytes_of(hook.path())) != "lefthook";
}

Result<void> check_nothing_in_the_way(const HooksDirectory& directory, bool is_install) {
  std::string found;
  for (const std::string_view name : kHookNames) {
    const HookFile hook{directory.path, std::string(name)};
    const std::string path = hook.path().string();
    if (state_of(hook) == HookState::edited) found += fmt::format("\n  {} was changed by hand since oe put it there", path);
    if (is_install && are_two(hook))
      found += fmt::format("\n  {} is new, and {} is the one from before", path, hook.kept().filename().string());
  }
  if (found.empty()) return {};
  return fail(ErrorKind::failed, "nothing was done, because something would be lost:" + found,
              is_install ? "--force writes oe's part anew and drops the older of two"
                         : "--force takes the changed file away and puts back what was there before oe");
}

Result<void> check_own(const HooksDirectory& directory) {
  if (directory.shared.empty()) return {};
  return fail(ErrorKind::failed, fmt::format("{} is not for this repository alone: {}", directory.path.string(), directory.shared),
              "if that is what you want: --shared");
}

bool holds_ours(const HooksDirectory& directory) {
  const std::vector<Hook> hooks = survey(directory);
  return std::ranges::any_of(hooks, [](const Hook& hook) {
    return hook.state != HookState::absent && hook.state != HookState::foreign;
  });
}

/// With --force: what stands there is the newer one, so it is the one to keep.
Result<void> forget_older(const HookFile& hook) {
  return are_two(hook) ? remove_file(hook.kept()) : Result<void>();
}

}  // namespace

Result<void> install(const git::Place& place, const HooksDirectory& directory, const Programs& programs,
                     const HookChoice& choice) {
  if (!choice.shared) OE_CHECK(check_own(directory));
  if (!choice.force) OE_CHECK(check_nothing_in_the_way(directory, true));
  OE_TRY(const std::string program, sys::read_file(programs.hook, std::size_t{64} << 20));
  OE_TRY(const Notes notes, Notes::open(place));
  OE_CHECK(notes.remember_program(programs.oe));
  OE_CHECK(notes.make_hooks_directory(directory.path));
  if (!directory.shared.empty()) let_stay(place);
  for (const std::string_view name : kHookNames) {
    const HookFile hook{directory.path, std::string(name)};
    OE_CHECK(forget_older(hook));
    OE_CHECK(put_in(hook, directory, programs, program));
  }
  return directory.shared.empty() ? let_come_and_go(place, directory.path, program) : Result<void>();
}

Result<void> uninstall(const git::Place& place, const HooksDirectory& directory, const HookChoice& choice) {
  if (!choice.shared && holds_ours(directory)) OE_CHECK(check_own(directory));
  if (!choice.force) OE_CHECK(check_nothing_in_the_way(directory, false));
  OE_TRY(const Notes notes, Notes::open(place));
  for (const std::string_view name : kHookNames) OE_CHECK(take_out({directory.path, std::string(name)}));
  return notes.forget_all(directory.path);
}

}  // namespace oe::hooks
