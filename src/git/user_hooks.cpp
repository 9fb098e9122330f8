#include "git/user_hooks.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"
#include "oe/git/trailers.hpp"
#include "oe/sys/file.hpp"

namespace oe::git {
namespace {

namespace fs = std::filesystem;

constexpr std::array kHooks = {"pre-commit", "prepare-commit-msg", "commit-msg"};
constexpr std::size_t kMostMessageBytes = std::size_t{16} << 20;

Result<fs::path> git_path(const fs::path& root, const std::string& name) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = root, .arguments = {"rev-parse", "--path-format=absolute", "--git-path", name}}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "looking for " + name, answer));
  std::string path = answer.out;
  if (path.ends_with('\n')) path.pop_back();
  return fs::path(path);
}

bool has_a_hook(const fs::path& directory) {
  return std::ranges::any_of(kHooks, [&](const char* hook) { return ::access((directory / hook).c_str(), X_OK) == 0; });
}

/// The draft, staged in a worktree, and the hooks on it.
class Rehearsal {
 public:
  Rehearsal(const fs::path& root, fs::path hooks, const CommitDraft& draft)
      : root_(root), hooks_(std::move(hooks)), draft_(draft) {}

  Result<std::string> run() {
    OE_CHECK(ask({"-c", "core.hooksPath=/dev/null", "read-tree", "--reset", "-u", draft_.tree.text}));
    OE_TRY(index_, git_path(root_, "index"));
    OE_TRY(const fs::path file, git_path(root_, "COMMIT_EDITMSG"));
    OE_CHECK(sys::write_file(file, draft_.message));
    OE_CHECK(pass("pre-commit", {}));
    OE_TRY(const std::string staged, ask({"write-tree"}));
    if (staged != draft_.tree.text) return fail(changed_by("pre-commit", "what was to be committed"));
    OE_CHECK(pass("prepare-commit-msg", {file.string(), "message"}));
    OE_CHECK(pass("commit-msg", {file.string()}));
    return message_in(file);
  }

 private:
  Result<std::string> ask(std::vector<std::string> arguments) const {
    OE_TRY(const GitAnswer answer, run_git({.directory = root_, .arguments = std::move(arguments)}));
    if (answer.code == 0) return std::string(trim(answer.out));
    return fail(git_error(ErrorKind::environment, "staging the proposal for the hooks", answer));
  }

  Result<void> pass(const std::string& hook, const std::vector<std::string>& words) const {
    GitCall call{.directory = root_,
                 .arguments = {"-c", "core.hooksPath=" + hooks_.string(), "hook", "run", "--ignore-missing", hook},
                 .environment = {{"GIT_INDEX_FILE", index_.string()}, {"OE_SKIP", "1"}}};
    if (!words.empty()) call.arguments.emplace_back("--");
    call.arguments.insert(call.arguments.end(), words.begin(), words.end());
    OE_TRY(const GitAnswer answer, run_git(std::move(call)));
    if (answer.code == 0) return {};
    return fail(ErrorKind::failed,
                fmt::format("the hook {} refused the commit: {}", (hooks_ / hook).string(), git_words(answer)),
                "to do without hooks: --no-verify");
  }

  Error changed_by(const std::string& hook, const std::string& what) const {
    return {ErrorKind::failed,
            fmt::format("the hook {} changed {}, and what was proven is the change as it was", (hooks_ / hook).string(),
                        what),
            "let it check only, or do without hooks: --no-verify"};
  }

  Result<std::string> message_in(const fs::path& file) const {
    OE_TRY(std::string text, sys::read_file(file, kMostMessageBytes));
    if (text == draft_.message) return text;
    OE_TRY(const GitAnswer clean, run_git({.directory = root_, .arguments = {"stripspace"}, .input = std::move(text)}));
    if (clean.code != 0) return fail(git_error(ErrorKind::environment, "reading the message", clean));
    const std::vector<Trailer> left = trailers(clean.out);
    for (const Trailer& trailer : trailers(draft_.message))
      if (std::ranges::find(left, trailer) == left.end())
        return fail(changed_by("commit-msg", fmt::format("the line {} of the message", trailer.key)));
    return clean.out;
  }

  fs::path root_;
  fs::path hooks_;
  fs::path index_;
  const CommitDraft& draft_;
};

}  // namespace

Result<std::string> past_user_hooks(const Place& place, Repository& repository, const CommitDraft& draft,
                                    const fs::path& worktrees) {
  OE_TRY(fs::path hooks, git_path(place.root, "hooks"));
  if (!has_a_hook(hooks)) return draft.message;
  const std::string name = fmt::format("commit-{}-{}", draft.tree.text.substr(0, 12), ::getpid());
  OE_TRY(const auto worktree, repository.add_worktree(worktrees, name, draft.parent));
  return Rehearsal(worktree->path(), std::move(hooks), draft).run();
}

}  // namespace oe::git
