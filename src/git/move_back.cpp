#include <algorithm>
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

using Names = std::vector<std::string>;

/// Those of some files that `git diff` with these words names.
Result<Names> differing(const Place& place, Names words, const Names& files) {
  words.insert(words.begin(), {"--literal-pathspecs", "diff", "--name-only", "--no-renames", "-z"});
  words.emplace_back("--");
  words.insert(words.end(), files.begin(), files.end());
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = std::move(words)}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "comparing files", answer));
  return split(answer.out, '\0');
}

/// Files that differ between two commits.
struct Difference {
  Names in_place;  ///< on the disk they are as in the second one already
  Names others;
};

// A move that was killed has put some of them there. What the user has staged is neither of the two.
Result<Difference> difference_between(const Place& place, const Oid& from, const Oid& to) {
  Difference difference;
  OE_TRY(Names files, changed_paths(place, from, to));
  if (files.empty()) return difference;
  OE_TRY(const Names disk, differing(place, {to.text}, files));
  OE_TRY(const Names index_before, differing(place, {"--cached", from.text}, files));
  OE_TRY(const Names index_after, differing(place, {"--cached", to.text}, files));
  const auto is_in = [](const Names& names, const std::string& file) {
    return std::ranges::find(names, file) != names.end();
  };
  for (std::string& file : files) {
    const bool is_staged = is_in(index_before, file) && is_in(index_after, file);
    (is_in(disk, file) || is_staged ? difference.others : difference.in_place).push_back(std::move(file));
  }
  return difference;
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

/// What is in place on the disk becomes so in the index, where git would else take it for a change of the user's.
Result<void> stage(const Place& place, const Names& files) {
  if (files.empty()) return {};
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root,
                                          .arguments = {"update-index", "--add", "--remove", "-z", "--stdin"},
                                          .input = join(files, std::string(1, '\0')) + '\0'}));
  if (answer.code == 0) return {};
  return fail(git_error(ErrorKind::environment, "staging files that are in place", answer));
}

}  // namespace

Result<void> check_movable(const Place& place, const Oid& from, const Oid& to) {
  OE_CHECK(check_nothing_unfinished(place));
  OE_TRY(const std::string head, answer_of(place, "reading HEAD", {"rev-parse", "--verify", "HEAD^{commit}"}));
  if (head != from.text)
    return fail(ErrorKind::failed, fmt::format("HEAD has moved on from {}", from.text.substr(0, 12)),
                fmt::format("take the change back with a commit of its own: git revert {}", from.text.substr(0, 12)));
  OE_TRY(const Difference files, difference_between(place, from, to));
  OE_TRY(const std::string dirty, status(place, files.others));
  if (dirty.empty()) return {};
  return fail(ErrorKind::failed, "files that would be put back have changes of yours:\n" + dirty,
              "commit or stash them, then undo again");
}

// Typed again after a kill, each step finds what the one before it has left.
Result<void> move_back(const Place& place, const Oid& from, const Oid& to) {
  OE_CHECK(check_movable(place, from, to));
  OE_TRY(const Difference files, difference_between(place, from, to));
  OE_CHECK(stage(place, files.in_place));
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
  OE_TRY(const std::string names,
         answer_of(place, "looking for " + commit.text + " at remotes",
                   {"for-each-ref", "--format=%(refname:short)", "--contains", commit.text, "refs/remotes"}));
  const Names all = split(names, '\n');
  const auto other =
      std::ranges::find_if(all, [](const std::string& name) { return name.find("/oe/") == std::string::npos; });
  return other == all.end() ? std::string() : *other;
}

}  // namespace oe::git
