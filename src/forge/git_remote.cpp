#include "oe/forge/git_remote.hpp"

#include <fmt/format.h>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"

namespace oe::forge {

namespace fs = std::filesystem;
using git::GitAnswer;
using git::run_git;

PushPlan plan_push(const PushFacts& facts) {
  if (!facts.remote_tip) return PushPlan::create;
  if (*facts.remote_tip == facts.tip) return PushPlan::none;
  if (!facts.remote_tip_is_ours) return PushPlan::refuse;
  if (facts.is_ancestor) return PushPlan::forward;
  return facts.has_others ? PushPlan::refuse : PushPlan::replace;
}

Result<std::string> push_url(const fs::path& root, const std::string& remote) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = root, .arguments = {"remote", "get-url", "--push", "--", remote}}));
  const std::string url(trim(answer.out));
  if (answer.code == 0 && !url.empty()) return url;
  return fail(ErrorKind::environment, fmt::format("there is no remote '{}'", remote),
              fmt::format("git remote add {} URL, or name another: --remote NAME", remote));
}

Result<RemoteState> ask_remote(const fs::path& root, const std::string& remote, const std::string& branch) {
  const std::string ref = "refs/heads/" + branch;
  OE_TRY(const GitAnswer answer,
         run_git({.directory = root, .arguments = {"ls-remote", "--symref", "--", remote, "HEAD", ref}}));
  if (answer.code != 0) {
    return fail(git::git_error(ErrorKind::environment, "reading the remote " + remote, answer,
                               fmt::format("git ls-remote {} must work without asking (credential helper, ssh agent)",
                                           remote)));
  }
  RemoteState state;
  constexpr std::string_view kSymref = "ref: refs/heads/";
  for (const std::string& line : split(answer.out, '\n')) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const std::string name = line.substr(tab + 1);
    if (name == "HEAD" && line.starts_with(kSymref))
      state.default_branch = line.substr(kSymref.size(), tab - kSymref.size());
    if (name == ref) state.tip = line.substr(0, tab);
  }
  return state;
}

Result<std::string> git_setting(const fs::path& root, const std::string& name) {
  OE_TRY(const GitAnswer answer, run_git({.directory = root, .arguments = {"config", "--get", name}}));
  return answer.code == 0 ? std::string(trim(answer.out)) : std::string();
}

Result<void> push(const fs::path& root, const std::string& remote, const std::string& commit, const std::string& branch,
                  const std::optional<std::string>& lease) {
  if (!branch.starts_with("oe/"))
    return fail(ErrorKind::bug, fmt::format("'{}' is no branch of oe, and was to be pushed", branch));
  const std::string ref = "refs/heads/" + branch;
  std::vector<std::string> arguments{"push", "--no-follow-tags"};
  if (lease) arguments.push_back(fmt::format("--force-with-lease={}:{}", ref, *lease));
  arguments.insert(arguments.end(), {"--", remote, fmt::format("{}:{}", commit, ref)});
  OE_TRY(const GitAnswer answer, run_git({.directory = root, .arguments = std::move(arguments)}));
  if (answer.code == 0) return {};
  return fail(git::git_error(ErrorKind::environment, "pushing to " + remote, answer,
                             fmt::format("when git push {} {} works by hand, type this again", remote, branch)));
}

}  // namespace oe::forge
