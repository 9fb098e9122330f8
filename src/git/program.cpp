#include "oe/git/program.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fmt/format.h>

#include "oe/base/text.hpp"

namespace oe::git {
namespace {

constexpr std::size_t kMostOutput = std::size_t{256} << 20;

// git runs in the background of the terminal, where whoever reads from it is stopped for good: ssh is told to ask by a
// window or not at all, so that it fails with words.
std::vector<std::pair<std::string, std::optional<std::string>>> unasking() {
  std::vector<std::pair<std::string, std::optional<std::string>>> changes{
      {"LC_ALL", "C"}, {"GIT_OPTIONAL_LOCKS", "0"}, {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_EDITOR", "true"}};
  if (std::getenv("SSH_ASKPASS_REQUIRE") == nullptr) changes.emplace_back("SSH_ASKPASS_REQUIRE", "force");
  return changes;
}

sys::ProcessSpec spec_of(GitCall call) {
  sys::ProcessSpec spec;
  spec.argv = {"git"};
  spec.argv.insert(spec.argv.end(), std::make_move_iterator(call.arguments.begin()),
                   std::make_move_iterator(call.arguments.end()));
  spec.directory = std::move(call.directory);
  auto changes = unasking();
  changes.insert(changes.end(), call.environment.begin(), call.environment.end());
  spec.environment = sys::environment_with(changes);
  spec.input = std::move(call.input);
  spec.max_output = kMostOutput;
  return spec;
}

std::string how_it_was_killed(const sys::ProcessExit& exit) {
  if (exit.over_limit) return "it wrote more than 256 MiB";
  return exit.signal ? fmt::format("signal {} ended it", *exit.signal) : "it was ended";
}

// "https://user:password@host/path" without all that stands before its last '@'; git itself hides it in some messages.
std::string without_passwords(std::string line) {
  constexpr std::string_view kScheme = "://";
  for (std::size_t at = line.find(kScheme); at != std::string::npos; at = line.find(kScheme, at + kScheme.size())) {
    const std::size_t start = at + kScheme.size();
    const std::size_t end = std::min(line.find_first_of(" /", start), line.size());
    const std::size_t last = line.substr(start, end - start).rfind('@');
    if (last != std::string::npos) line.erase(start, last + 1);
  }
  return line;
}

}  // namespace

Result<GitAnswer> run_git(GitCall call) {
  if (!sys::find_program("git")) {
    return fail(ErrorKind::environment, "git is not on PATH", "install it: apt-get install git");
  }
  const std::string doing = "git " + join(call.arguments, " ");
  OE_TRY(sys::ProcessExit exit, sys::run_process(spec_of(std::move(call))));
  if (!exit.code)
    return fail(ErrorKind::environment, fmt::format("`{}` did not end: {}", doing, how_it_was_killed(exit)));
  return GitAnswer{*exit.code, std::move(exit.out), std::move(exit.err)};
}

std::string git_words(const GitAnswer& answer) {
  std::vector<std::string> kept;
  for (const std::string& line : split(answer.err + "\n" + answer.out, '\n')) {
    if (!trim(line).empty() && !line.starts_with("hint:")) kept.push_back(without_passwords(line));
  }
  return kept.empty() ? fmt::format("git ended with code {} and said nothing", answer.code) : join(kept, "\n");
}

Error git_error(ErrorKind kind, const std::string& doing, const GitAnswer& answer, std::string hint) {
  return {kind, fmt::format("{} failed: {}", doing, git_words(answer)), std::move(hint)};
}

}  // namespace oe::git
