#include <algorithm>
#include <fmt/format.h>

#include "oe/base/text.hpp"

#include "git/by_program.hpp"
#include "git/own_ref.hpp"

namespace oe::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/";

std::string full_name(const std::string& branch) {
  return std::string(kHeads) + branch;
}

}  // namespace

Result<std::optional<Oid>> ProgramRepository::target(const std::string& name) const {
  OE_TRY(const auto id, look_up({"rev-parse", "--quiet", "--verify", name}));
  return id ? std::optional(Oid{*id}) : std::nullopt;
}

Result<GitAnswer> ProgramRepository::update_ref(const std::string& name, std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"update-ref", "-m", "oe: proposal"});
  OE_TRY(GitAnswer answer, run_git({place_.root, arguments, {}}));
  if (answer.code == 0 || !remove_stale_lock(place_.common_dir, name)) return answer;
  return run_git({place_.root, std::move(arguments), {}});
}

// A ref cannot lie below another one.
Result<void> ProgramRepository::check_nothing_above(const std::string& name) const {
  for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    const std::string above = name.substr(0, slash);
    OE_TRY(const auto found, branch(above));
    if (!found) continue;
    return fail(ErrorKind::failed, fmt::format("the branch {} stands in the way of {}", above, name),
                fmt::format("rename it: git branch -m {} {}-old", above, above));
  }
  return {};
}

// The old value of a ref that must not be there is all zeroes, as many as an id has digits.
Result<void> ProgramRepository::move(const std::string& name, const Oid& to, const std::optional<Oid>& expected) {
  const std::string before = expected ? expected->text : std::string(to.text.size(), '0');
  OE_TRY(const GitAnswer answer, update_ref(name, {name, to.text, before}));
  if (answer.code == 0) return {};
  OE_TRY(const auto now, target(name));
  if (now == expected) return fail(git_error(ErrorKind::environment, "setting " + words_for_ref(name), answer));
  const std::string state = expected ? "is no longer at " + expected->text : "exists already";
  return fail(ErrorKind::failed, fmt::format("{} {}", words_for_ref(name), state),
              fmt::format("look at it: git log {}", name));
}

Result<void> ProgramRepository::remove(const std::string& name) {
  OE_TRY(const auto now, target(name));
  if (!now) return {};
  OE_TRY(const GitAnswer answer, update_ref(name, {"-d", name, now->text}));
  if (answer.code == 0) return {};
  return fail(git_error(ErrorKind::environment, "deleting " + words_for_ref(name), answer));
}

Result<std::vector<std::string>> ProgramRepository::names(const std::string& prefix) const {
  OE_TRY(const std::string text, ask("listing the refs", {"for-each-ref", "--format=%(refname)"}));
  std::vector<std::string> names = split(text, '\n');
  std::erase_if(names, [&](const std::string& name) { return name.empty() || !name.starts_with(prefix); });
  std::ranges::sort(names);
  return names;
}

Result<void> ProgramRepository::check_not_checked_out(const std::string& branch) const {
  OE_TRY(const std::string text, ask("listing the worktrees", {"worktree", "list", "--porcelain"}));
  const std::vector<std::string> lines = split(text, '\n');
  if (std::ranges::find(lines, "branch " + full_name(branch)) == lines.end()) return {};
  return fail(ErrorKind::failed, fmt::format("the branch {} is checked out", branch),
              "switch to another branch first: git switch -");
}

Result<void> ProgramRepository::set_branch(const std::string& name, const Oid& to, const std::optional<Oid>& expected) {
  OE_TRY(const auto valid, look_up({"check-ref-format", "--branch", name}));
  if (!valid || *valid != name)
    return fail(ErrorKind::usage, fmt::format("'{}' cannot name a branch", name), "git check-ref-format tells the rules");
  OE_CHECK(check_not_checked_out(name));
  Result<void> moved = move(full_name(name), to, expected);
  if (!moved) OE_CHECK(check_nothing_above(name));
  return moved;
}

Result<std::optional<Oid>> ProgramRepository::branch(const std::string& name) const {
  return target(full_name(name));
}

Result<void> ProgramRepository::delete_branch(const std::string& name) {
  OE_TRY(const auto now, branch(name));
  if (!now) return {};
  OE_CHECK(check_not_checked_out(name));
  return remove(full_name(name));
}

Result<std::vector<std::string>> ProgramRepository::branches(const std::string& prefix) const {
  OE_TRY(std::vector<std::string> found, names(full_name(prefix)));
  for (std::string& name : found) name.erase(0, kHeads.size());
  return found;
}

Result<void> ProgramRepository::set_ref(const std::string& name, const Oid& to, const std::optional<Oid>& expected) {
  OE_CHECK(check_own_ref(name));
  return move(name, to, expected);
}

Result<std::optional<Oid>> ProgramRepository::ref(const std::string& name) const {
  OE_CHECK(check_own_ref(name));
  return target(name);
}

Result<void> ProgramRepository::delete_ref(const std::string& name) {
  OE_CHECK(check_own_ref(name));
  return remove(name);
}

Result<std::vector<std::string>> ProgramRepository::refs(const std::string& prefix) const {
  return names(prefix);
}

}  // namespace oe::git
