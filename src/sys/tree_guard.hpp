#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <sys/types.h>
#include <utility>
#include <vector>

#include "oe/base/result.hpp"

#include "sys/unique_fd.hpp"

namespace oe::sys {

/// What this process and its guard both see: the roots of the trees that live, written without a system call.
class SharedRoots {
 public:
  /// Trees above this many at once are known to the guard by their token only.
  static constexpr std::size_t kSlots = 1U << 16U;

  static Result<SharedRoots> make();
  SharedRoots(SharedRoots&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), free_(std::move(other.free_)) {}
  SharedRoots& operator=(SharedRoots&&) = delete;
  ~SharedRoots();

  /// The slot to give back when the tree is gone; nothing when all are taken.
  std::optional<std::uint32_t> add(pid_t root);
  void remove(std::uint32_t slot);
  std::vector<pid_t> list() const;
  void say_goodbye();
  bool said_goodbye() const;

 private:
  struct Memory;
  explicit SharedRoots(Memory* memory) : memory_(memory) {}
  Memory* memory_;
  std::vector<std::uint32_t> free_;  ///< slots that were given back
};

/// A process of its own that outlives this one, however it dies, and then ends every tree that this process started:
/// SIGTERM, after a grace SIGKILL. It finds them by their roots' groups, by the token in their environment (see
/// tree_entry()), by descent, and among the orphans that this process had taken in. It holds no descriptor of ours,
/// ignores the terminal's signals and goes at once when the guard is destroyed.
class TreeGuard {
 public:
  /// Errors: environment, when the system gives no memory or process for it.
  static Result<TreeGuard> start();
  TreeGuard(TreeGuard&& other) noexcept;
  TreeGuard& operator=(TreeGuard&&) = delete;
  ~TreeGuard();

  pid_t pid() const { return pid_; }
  SharedRoots& roots() { return roots_; }

 private:
  TreeGuard(SharedRoots roots, UniqueFd alive, pid_t pid);
  SharedRoots roots_;
  UniqueFd alive_;  ///< closed by our death
  pid_t pid_;
};

/// What `ps` shows of it, and no pattern for oe: `killall -9 oe` must not mean the guard.
inline constexpr const char* kGuardName = "tree-guard";

/// The guard's whole life: waits until `alive` comes to its end, then ends what is left of the trees of `ward`.
[[noreturn]] void guard_trees(const SharedRoots& roots, UniqueFd alive, pid_t ward);

}  // namespace oe::sys
