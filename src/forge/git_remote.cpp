#include "oe/forge/git_remote.hpp"

#include <cstdlib>
#include <fmt/format.h>

#include "oe/base/text.hpp"
#include "oe/sys/process.hpp"

namespace oe::forge {

namespace {

namespace fs = std::filesystem;

struct GitEnd {
  int code = 0;
  std::string out;
  std::string err;
};

// A background process may not read the terminal: whoever would ask is told not to, so that it fails with words.
sys::Environment unasking() {
  std::vector<std::pair<std::string, std::optional<std::string>>> changes{{"LC_ALL", "C"},
                                                                          {"GIT_TERMINAL_PROMPT", "0"}};
  if (std::getenv("SSH_ASKPASS_REQUIRE") == nullptr) changes.emplace_back("SSH_ASKPASS_REQUIRE", "force");
  return sys::environment_with(changes);
}

Result<GitEnd> run(const fs::path& root, std::vector<std::string> arguments) {
  sys::ProcessSpec spec;
  spec.argv = {"git"};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.directory = root;
  spec.environment = unasking();
  OE_TRY(sys::ProcessExit exit, sys::run_process(std::move(spec)));
  if (!exit.code) return fail(ErrorKind::environment, fmt::format("`git {}` was ended", arguments.front()));
  return GitEnd{*exit.code, std::move(exit.out), std::move(exit.err)};
}

// An address may hold a password; git itself hides it in some messages only.
std::string without_password(const std::string& line) {
  const std::size_t start = line.find("://");
  const std::size_t at = start == std::string::npos ? start : line.find('@', start);
  if (at == std::string::npos || line.find_first_of(" /", start + 3) < at) return line;
  return line.substr(0, start + 3) + line.substr(at + 1);
}

std::string words(const GitEnd& end) {
  std::string text;
  for (const std::string& line : split(end.err + "\n" + end.out, '\n')) {
    if (!trim(line).empty() && !line.starts_with("hint:")) text += "\n  " + without_password(line);
  }
  return text;
}

}  // namespace

PushPlan plan_push(const PushFacts& facts) {
  if (!facts.remote_tip) return PushPlan::create;
  if (*facts.remote_tip == facts.tip) return PushPlan::none;
  if (!facts.remote_tip_is_ours) return PushPlan::refuse;
  if (facts.is_ancestor) return PushPlan::forward;
  return facts.has_others ? PushPlan::refuse : PushPlan::replace;
}

Result<std::string> push_url(const fs::path& root, const std::string& remote) {
  OE_TRY(const GitEnd end, run(root, {"remote", "get-url", "--push", "--", remote}));
  const std::string url(trim(end.out));
  if (end.code == 0 && !url.empty()) return url;
  return fail(ErrorKind::environment, fmt::format("there is no remote '{}'", remote),
              fmt::format("git remote add {} URL, or name another: --remote NAME", remote));
}

Result<RemoteState> ask_remote(const fs::path& root, const std::string& remote, const std::string& branch) {
  const std::string ref = "refs/heads/" + branch;
  OE_TRY(const GitEnd end, run(root, {"ls-remote", "--symref", "--", remote, "HEAD", ref}));
  if (end.code != 0) {
    return fail(ErrorKind::environment, fmt::format("git cannot read the remote '{}':{}", remote, words(end)),
                fmt::format("git ls-remote {} must work without asking (credential helper, ssh agent)", remote));
  }
  RemoteState state;
  constexpr std::string_view kSymref = "ref: refs/heads/";
  for (const std::string& line : split(end.out, '\n')) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) continue;
    const std::string name = line.substr(tab + 1);
    if (name == "HEAD" && line.starts_with(kSymref))
      state.default_branch = line.substr(kSymref.size(), tab - kSymref.size());
    if (name == ref) state.tip = line.substr(0, tab);
  }
  return state;
}

Result<bool> is_ancestor(const fs::path& root, const std::string& commit, const std::string& of) {
  OE_TRY(const GitEnd end, run(root, {"merge-base", "--is-ancestor", commit, of}));
  return end.code == 0;
}

Result<std::string> git_setting(const fs::path& root, const std::string& name) {
  OE_TRY(const GitEnd end, run(root, {"config", "--get", name}));
  return end.code == 0 ? std::string(trim(end.out)) : std::string();
}

Result<void> push(const fs::path& root, const std::string& remote, const std::string& commit, const std::string& branch,
                  const std::optional<std::string>& lease) {
  if (!branch.starts_with("oe/"))
    return fail(ErrorKind::bug, fmt::format("'{}' is no branch of oe, and was to be pushed", branch));
  const std::string ref = "refs/heads/" + branch;
  std::vector<std::string> arguments{"push", "--no-follow-tags"};
  if (lease) arguments.push_back(fmt::format("--force-with-lease={}:{}", ref, *lease));
  arguments.insert(arguments.end(), {"--", remote, fmt::format("{}:{}", commit, ref)});
  OE_TRY(const GitEnd end, run(root, std::move(arguments)));
  if (end.code == 0) return {};
  return fail(ErrorKind::environment, fmt::format("git push to '{}' failed:{}", remote, words(end)),
              fmt::format("when git push {} {} works by hand, type this again", remote, branch));
}

}  // namespace oe::forge
