#include "oe/git/take.hpp"

#include <fmt/format.h>

#include "oe/base/text.hpp"
#include "oe/git/exchange.hpp"
#include "oe/git/program.hpp"

#include "git/unfinished.hpp"

namespace oe::git {
namespace {

Result<Oid> resolve(const Place& place, const std::string& revision) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = {"rev-parse", "--verify", "--end-of-options", revision}}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "finding " + revision, answer));
  return Oid{std::string(trim(answer.out))};
}

// Merges are quiet: where oe is killed, nobody reads what git would say, and a git that may not say it gives up half-way.
Result<Oid> fast_forward(const Place& place, const Oid& commit) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = {"merge", "--quiet", "--ff-only", "--no-autostash", commit.text}}));
  if (answer.code == 0) return resolve(place, "HEAD");
  return fail(git_error(ErrorKind::failed, "the fast-forward to " + commit.text, answer,
                        "commit or stash what is in the way: git status"));
}

/// `git <word> --abort`, when it is in progress.
Result<void> put_back(const Place& place, const char* mark, const std::string& word) {
  if (!is_in_progress(place, mark)) return {};
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = {word, "--abort"}}));
  if (answer.code == 0) return {};
  return fail(
      git_error(ErrorKind::failed, fmt::format("taking the {} back", word), answer, "git " + word + " --abort"));
}

// The message stays as it is, also where a configured clean-up takes lines that begin with core.commentChar for
// comments.
Result<Oid> cherry_pick(const Place& place, const Oid& commit, const TakeOptions& options) {
  std::vector<std::string> arguments{"cherry-pick", "--cleanup=verbatim"};
  if (options.names_origin) arguments.emplace_back("-x");
  if (options.signoff) arguments.emplace_back("--signoff");
  arguments.push_back(commit.text);
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = std::move(arguments)}));
  if (answer.code == 0) return resolve(place, "HEAD");
  OE_CHECK(put_back(place, "CHERRY_PICK_HEAD", "cherry-pick"));
  // HEAD has the change already: by hand, or from an accept that was killed before it could record it.
  if (answer.err.find("is now empty") != std::string::npos) return resolve(place, "HEAD");
  return fail(
      git_error(ErrorKind::failed, "the cherry-pick of " + commit.text, answer,
                "nothing was changed; look at what is in the way with git status, or merge the branch by hand"));
}

// What the proposal was made for must be here, or the merge would bring more than the proposal.
Result<void> check_brings_nothing_else(const Place& place, const Oid& base, const Oid& head) {
  OE_TRY(const bool is_here, is_ancestor(place, base, head));
  if (is_here) return {};
  return fail(
      ErrorKind::failed,
      fmt::format("a merge would bring more than the proposal: its base {} is not in the history of this branch",
                  base.text.substr(0, 12)),
      "take the change alone: oe accept --pick, or --squash");
}

Result<Oid> merge_in(const Place& place, const Oid& commit, const TakeOptions& options) {
  std::vector<std::string> arguments{
      "merge", "--quiet", "--no-ff", "--no-edit", "--no-autostash", "--cleanup=verbatim", "-m", options.message};
  if (options.signoff) arguments.emplace_back("--signoff");
  if (!options.verify) arguments.emplace_back("--no-verify");
  arguments.push_back(commit.text);
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = std::move(arguments)}));
  if (answer.code == 0) return resolve(place, "HEAD");
  OE_CHECK(put_back(place, "MERGE_HEAD", "merge"));
  return fail(
      git_error(ErrorKind::failed, "the merge of " + commit.text, answer,
                "nothing was changed; look at what is in the way with git status, or merge the branch by hand"));
}

}  // namespace

Result<Oid> take_commit(const Place& place, const Oid& commit, const TakeOptions& options) {
  OE_CHECK(check_nothing_unfinished(place));
  OE_TRY(const Oid head, resolve(place, "HEAD^{commit}"));
  OE_TRY(const bool is_taken, is_ancestor(place, commit, head));
  if (is_taken) return head;
  if (options.way == TakeOptions::Way::merge) {
    OE_CHECK(check_brings_nothing_else(place, options.base, head));
    return merge_in(place, commit, options);
  }
  OE_TRY(const Oid parent, resolve(place, commit.text + "^"));
  const bool may_forward = options.way == TakeOptions::Way::forward && !options.signoff && parent == head;
  return may_forward ? fast_forward(place, commit) : cherry_pick(place, commit, options);
}

Result<std::vector<std::string>> changed_paths(const Place& place, const Oid& before, const Oid& after) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root,
                  .arguments = {"diff-tree", "-r", "-z", "--no-renames", "--name-only", before.text, after.text}}));
  if (answer.code != 0)
    return fail(
        git_error(ErrorKind::environment, fmt::format("comparing {} with {}", before.text, after.text), answer));
  std::vector<std::string> paths = split(answer.out, '\0');
  std::erase(paths, "");
  return paths;
}

}  // namespace oe::git
