#include "git/by_program.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

#include "git/linked_worktree.hpp"

namespace oe::git {

namespace {

constexpr std::size_t kMostConfig = std::size_t{16} << 20;

}  // namespace

bool needs_the_program(const Place& place) {
  const auto config = sys::read_file(place.common_dir / "config", kMostConfig);
  if (!config) return false;
  for (const std::string& line : split(*config, '\n')) {
    std::string word(trim(line));
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (word.starts_with("[extensions]") || word.starts_with("promisor")) return true;
  }
  return false;
}

Result<std::string> ProgramRepository::ask(const std::string& doing, std::vector<std::string> arguments,
                                           std::string input) const {
  OE_TRY(GitAnswer answer, run_git({place_.root, std::move(arguments), std::move(input)}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, doing, answer));
  return std::move(answer.out);
}

Result<std::optional<std::string>> ProgramRepository::look_up(std::vector<std::string> arguments) const {
  OE_TRY(const GitAnswer answer, run_git({place_.root, std::move(arguments), {}}));
  if (answer.code != 0) return std::nullopt;
  return std::string(trim(answer.out));
}

Result<Head> ProgramRepository::head() const {
  OE_TRY(const auto name, look_up({"symbolic-ref", "--quiet", "HEAD"}));
  OE_TRY(const auto commit, look_up({"rev-parse", "--quiet", "--verify", "HEAD^{commit}"}));
  Head head;
  if (commit) head.commit = Oid{*commit};
  constexpr std::string_view heads = "refs/heads/";
  if (name) head.branch = name->starts_with(heads) ? name->substr(heads.size()) : *name;
  return head;
}

Result<std::string> ProgramRepository::diff(const Oid& before, const Oid& after,
                                            const std::vector<std::string>& only) const {
  std::vector<std::string> arguments{"--literal-pathspecs", "diff-tree",     "-r",          "-p",
                                     "--binary",            "--no-ext-diff", "--no-textconv", "--no-color",
                                     "--no-renames",        "--unified=3",   "--inter-hunk-context=0", "--abbrev=7",
                                     "--src-prefix=a/",     "--dst-prefix=b/", before.text, after.text, "--"};
  arguments.insert(arguments.end(), only.begin(), only.end());
  return ask(fmt::format("comparing {} with {}", before.text, after.text), std::move(arguments));
}

// Without hooks; of what is checked out only files that the commit has are written, and none through a symlink.
Result<std::unique_ptr<Worktree>> ProgramRepository::add_worktree(const std::filesystem::path& directory,
                                                                  const std::string& name, const Oid& commit,
                                                                  const std::vector<std::string>& only) {
  OE_CHECK(this->commit(commit));
  OE_TRY(std::unique_ptr<LinkedWorktree> worktree, LinkedWorktree::create(place_, directory, name, commit));
  const auto here = [&](std::vector<std::string> arguments, std::string input = {}) -> Result<std::string> {
    arguments.insert(arguments.begin(), {"-c", "core.hooksPath=/dev/null", "--literal-pathspecs"});
    OE_TRY(GitAnswer answer, run_git({worktree->path(), std::move(arguments), std::move(input)}));
    if (answer.code == 0) return std::move(answer.out);
    return fail(git_error(ErrorKind::environment, "checking files out into " + worktree->path().string(), answer));
  };
  OE_CHECK(here({"read-tree", commit.text}));
  std::vector<std::string> wanted{"ls-files", "-z", "--"};
  wanted.insert(wanted.end(), only.begin(), only.end());
  OE_TRY(std::string files, here(std::move(wanted)));
  OE_CHECK(here({"checkout-index", "--quiet", "-z", "--stdin"}, std::move(files)));
  return worktree;
}

}  // namespace oe::git
