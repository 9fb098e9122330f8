#include <array>
#include <fmt/format.h>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/git/exchange.hpp"
#include "oe/git/program.hpp"

namespace oe::git {
namespace {

namespace fs = std::filesystem;

/// What git leaves in its directory while the user is in the middle of something, and the word for it.
constexpr std::array<std::pair<const char*, const char*>, 6> kUnfinished = {{{"MERGE_HEAD", "merge"},
                                                                             {"CHERRY_PICK_HEAD", "cherry-pick"},
                                                                             {"REVERT_HEAD", "revert"},
                                                                             {"sequencer", "cherry-pick or revert"},
                                                                             {"rebase-merge", "rebase"},
                                                                             {"rebase-apply", "rebase or am"}}};

bool is_there(const Place& place, const char* name) {
  std::error_code error;
  return fs::exists(place.git_dir / name, error);
}

/// Our own `--abort` would throw the user's unfinished work away, so nothing starts on top of it.
Result<void> check_nothing_unfinished(const Place& place) {
  for (const auto& [file, word] : kUnfinished) {
    if (!is_there(place, file)) continue;
    return fail(ErrorKind::failed, fmt::format("a {} is in progress in {}", word, place.root.string()),
                "finish or abort it first: git status tells how");
  }
  return {};
}

Result<Oid> resolve(const Place& place, const std::string& revision) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = {"rev-parse", "--verify", "--end-of-options", revision}}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "finding " + revision, answer));
  return Oid{std::string(trim(answer.out))};
}

Result<Oid> fast_forward(const Place& place, const Oid& commit) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = {"merge", "--ff-only", "--no-autostash", commit.text}}));
  if (answer.code == 0) return resolve(place, "HEAD");
  return fail(git_error(ErrorKind::failed, "the fast-forward to " + commit.text, answer,
                        "commit or stash what is in the way: git status"));
}

Result<void> abort_cherry_pick(const Place& place) {
  if (!is_there(place, "CHERRY_PICK_HEAD")) return {};
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = {"cherry-pick", "--abort"}}));
  if (answer.code == 0) return {};
  return fail(git_error(ErrorKind::failed, "taking the cherry-pick back", answer, "git cherry-pick --abort"));
}

Result<Oid> cherry_pick(const Place& place, const Oid& commit) {
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = {"cherry-pick", "-x", commit.text}}));
  if (answer.code == 0) return resolve(place, "HEAD");
  OE_CHECK(abort_cherry_pick(place));
  // HEAD has the change already: by hand, or from an accept that was killed before it could record it.
  if (answer.err.find("is now empty") != std::string::npos) return resolve(place, "HEAD");
  return fail(
      git_error(ErrorKind::failed, "the cherry-pick of " + commit.text, answer,
                "nothing was changed; look at what is in the way with git status, or merge the branch by hand"));
}

}  // namespace

Result<Oid> take_commit(const Place& place, const Oid& commit) {
  OE_CHECK(check_nothing_unfinished(place));
  OE_TRY(const Oid head, resolve(place, "HEAD^{commit}"));
  OE_TRY(const bool is_taken, is_ancestor(place, commit, head));
  if (is_taken) return head;
  OE_TRY(const Oid parent, resolve(place, commit.text + "^"));
  return parent == head ? fast_forward(place, commit) : cherry_pick(place, commit);
}

}  // namespace oe::git
