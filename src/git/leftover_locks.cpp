#include <algorithm>

#include "oe/git/ref_journal.hpp"

#include "git/own_ref.hpp"

namespace oe::git {
namespace {

bool is_of_oe(const std::string& name) {
  return name.starts_with("refs/oe/") || name.starts_with("refs/heads/oe/") || name == "refs/notes/oe";
}

void unlock_all(const Place& place, const RefCommand& command) {
  for (const RefWrite& write : command.writes)
    if (is_of_oe(write.name)) remove_stale_lock(place.common_dir, write.name);
}

}  // namespace

// It was the last command that was cut off, or the undoing of the last one that stands.
void remove_leftover_locks(const Place& place, const std::vector<RefCommand>& commands) {
  if (commands.empty()) return;
  unlock_all(place, commands.back());
  const auto standing =
      std::find_if(commands.rbegin(), commands.rend(), [](const auto& command) { return !command.undone; });
  if (standing != commands.rend()) unlock_all(place, *standing);
  remove_stale_lock(place.common_dir, "packed-refs");
}

}  // namespace oe::git
