#include "git/unfinished.hpp"

#include <array>
#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "oe/git/take.hpp"

namespace oe::git {
namespace {

/// What git leaves in its directory while the user is in the middle of something, and the word for it.
constexpr std::array<std::pair<const char*, const char*>, 6> kUnfinished = {{{"MERGE_HEAD", "merge"},
                                                                             {"CHERRY_PICK_HEAD", "cherry-pick"},
                                                                             {"REVERT_HEAD", "revert"},
                                                                             {"sequencer", "cherry-pick or revert"},
                                                                             {"rebase-merge", "rebase"},
                                                                             {"rebase-apply", "rebase or am"}}};

}  // namespace

bool is_in_progress(const Place& place, const char* mark) {
  std::error_code error;
  return std::filesystem::exists(place.git_dir / mark, error);
}

Result<void> check_nothing_unfinished(const Place& place) {
  for (const auto& [file, word] : kUnfinished) {
    if (!is_in_progress(place, file)) continue;
    return fail(ErrorKind::failed, fmt::format("a {} is in progress in {}", word, place.root.string()),
                "finish or abort it first: git status tells how");
  }
  return {};
}

}  // namespace oe::git
