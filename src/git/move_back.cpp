#include <fmt/format.h>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"
#include "oe/git/take.hpp"

#include "git/unfinished.hpp"

namespace oe::git {
namespace {

Result<std::string> answer_of(const Place& place, const std::string& doing, std::vector<std::string> arguments) {
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = std::move(arguments)}));
  if (answer.code == 0) return std::string(trim(answer.out));
  return fail(git_error(ErrorKind::environment, doing, answer));
}

/// Index and files from one tree to another; what is the same in both stays, staged changes too.
Result<void> switch_trees(const Place& place, const Oid& from, const Oid& to) {
  (void)run_git({.directory = place.root, .arguments = {"update-index", "-q", "--refresh"}});
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = {"read-tree", "-m", "-u", from.text, to.text}}));
  if (answer.code == 0) return {};
  return fail(git_error(ErrorKind::failed, "putting files back to " + to.text, answer,
                        "nothing was changed; commit or stash what is in the way: git status"));
}

}  // namespace

Result<void> check_movable(const Place& place, const Oid& from, const Oid& to) {
  OE_CHECK(check_nothing_unfinished(place));
  OE_TRY(const std::string head, answer_of(place, "reading HEAD", {"rev-parse", "--verify", "HEAD^{commit}"}));
  if (head != from.text)
    return fail(ErrorKind::failed, fmt::format("HEAD has moved on from {}", from.text.substr(0, 12)),
                fmt::format("take the change back with a commit of its own: git revert {}", from.text.substr(0, 12)));
  OE_TRY(const std::vector<std::string> files, changed_paths(place, from, to));
  OE_TRY(const std::string dirty, status(place, files));
  if (dirty.empty()) return {};
  return fail(ErrorKind::failed, "files that would be put back have changes of yours:\n" + dirty,
              "commit or stash them, then undo again");
}

Result<void> move_back(const Place& place, const Oid& from, const Oid& to) {
  OE_CHECK(check_movable(place, from, to));
  OE_CHECK(switch_trees(place, from, to));
  const auto moved =
      answer_of(place, "moving HEAD to " + to.text, {"update-ref", "-m", "oe: undo", "HEAD", to.text, from.text});
  if (moved) return {};
  OE_CHECK(switch_trees(place, to, from));
  return fail(moved.error());
}

Result<std::string> checked_out_at(const Place& place, const std::string& ref) {
  return answer_of(place, "looking where " + ref + " is checked out",
                   {"for-each-ref", "--format=%(worktreepath)", ref});
}

Result<std::string> remote_branch_with(const Place& place, const Oid& commit) {
  return answer_of(
      place, "looking for " + commit.text + " at remotes",
      {"for-each-ref", "--count=1", "--format=%(refname:short)", "--contains", commit.text, "refs/remotes"});
}

}  // namespace oe::git
