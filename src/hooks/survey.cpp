#include <algorithm>
#include <fmt/format.h>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"
#include "oe/hooks/install.hpp"

#include "hooks/hook_file.hpp"
#include "hooks/on_call.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

bool is_below(const fs::path& path, const fs::path& directory) {
  const fs::path relative = path.lexically_relative(directory);
  return !relative.empty() && *relative.begin() != "..";
}

Result<std::string> answer_of(const git::Place& place, std::vector<std::string> arguments) {
  OE_TRY(const git::GitAnswer answer, git::run_git({.directory = place.root, .arguments = std::move(arguments)}));
  return answer.code == 0 ? std::string(trim(answer.out)) : std::string();
}

/// "global" of "global<tab>/path": where core.hooksPath was said; empty when nowhere.
Result<std::string> scope_of_hooks_path(const git::Place& place) {
  OE_TRY(const std::string line, answer_of(place, {"config", "--show-scope", "--get", "core.hooksPath"}));
  return line.substr(0, line.find('\t'));
}

Result<std::string> why_shared(const git::Place& place, const fs::path& directory) {
  OE_TRY(const std::string scope, scope_of_hooks_path(place));
  if (scope == "global" || scope == "system")
    return fmt::format("the {} core.hooksPath makes it that of all repositories", scope);
  if (is_below(directory, place.common_dir)) return std::string();
  if (!is_below(directory, place.root)) return std::string("it lies outside of this repository");
  OE_TRY(const std::string tracked, answer_of(place, {"--literal-pathspecs", "ls-files", "--", directory.string()}));
  return std::string(tracked.empty() ? "" : "git tracks it, so a change would be committed");
}

}  // namespace

std::string_view to_string(HookState state) {
  constexpr std::array<std::string_view, 8> kNames = {"absent", "on-call", "alone", "first", "behind", "foreign", "replaced", "edited"};
  return kNames[static_cast<std::size_t>(state)];
}

Result<HooksDirectory> hooks_directory(const git::Place& place) {
  OE_TRY(const std::string named, answer_of(place, {"rev-parse", "--git-path", "hooks"}));
  if (named.empty()) return fail(ErrorKind::environment, "git does not say where its hooks are", "git rev-parse --git-path hooks");
  std::error_code error;
  HooksDirectory directory{.path = fs::weakly_canonical(place.root / named, error)};
  if (fs::exists(directory.path, error) && !fs::is_directory(directory.path, error)) {
    return fail(ErrorKind::environment, fmt::format("core.hooksPath is {}, which is no directory", named),
                "hooks are turned off there: git config --show-origin core.hooksPath");
  }
  OE_TRY(directory.shared, why_shared(place, directory.path));
  directory.has_hooks_on_call = directory_on_call(place) == directory.path;
  return directory;
}

std::vector<Hook> survey(const HooksDirectory& directory) {
  std::vector<Hook> hooks;
  for (const std::string_view name : kHookNames) {
    const HookFile file{directory.path, std::string(name)};
    const bool comes_and_goes = directory.has_hooks_on_call && std::ranges::find(kOnCall, name) != kOnCall.end();
    HookState state = state_of(file);
    if (state == HookState::absent && comes_and_goes) state = HookState::on_call;
    const bool goes_before = state == HookState::first || state == HookState::edited;
    hooks.push_back({file.name, state, std::string(tool_behind(bytes_of(goes_before ? file.kept() : file.path())))});
  }
  return hooks;
}

}  // namespace oe::hooks
