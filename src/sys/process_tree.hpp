#pragma once

#include <optional>
#include <set>
#include <string>
#include <sys/types.h>
#include <unordered_set>
#include <vector>

#include "oe/sys/process.hpp"

#include "sys/proc_table.hpp"
#include "sys/tree_guard.hpp"

namespace oe::sys {

/// The children of this process that were not started by it but came to it, the subreaper, when their parent died.
class Orphans {
 public:
  /// Makes this process a subreaper.
  Orphans();
  /// One read, however many there are.
  void look();
  /// As it was at the last look().
  const std::vector<pid_t>& list() const { return orphans_; }

  /// One that lives beside the trees, such as a guard.
  void is_no_orphan(pid_t pid) { roots_.insert(pid); }
  void root_started(pid_t pid);
  void root_reaped(pid_t pid) { roots_.erase(pid); }
  void tree_gone() { --trees_; }
  bool only_one_tree() const { return trees_ == 1; }

 private:
  OwnChildren children_;
  std::vector<pid_t> orphans_;
  std::unordered_set<pid_t> roots_;  ///< started by our host and not reaped yet
  std::size_t trees_ = 0;
};

/// The entry of the environment by which descendants are known, whatever group or session they made for themselves:
/// "OE_TREE=<pid>-<number>", after the tokens that this process itself was started with.
std::string tree_entry(std::uint64_t number);

/// The tokens of the trees that a process belongs to, outermost first; none when it may not be read or has none.
std::vector<std::string> tree_tokens(pid_t pid);

/// A process that we started, its root, and all that descends from it. Does nothing by itself when it is destroyed.
class ProcessTree {
 public:
  /// `guarded` (nullptr: nobody) is told of the root.
  ProcessTree(Orphans& orphans, SharedRoots* guarded, pid_t root, std::string entry);
  ProcessTree(const ProcessTree&) = delete;
  ProcessTree& operator=(const ProcessTree&) = delete;
  ~ProcessTree();

  pid_t root() const { return root_; }
  bool root_is_reaped() const { return reaped_; }
  /// Notes how the root ended, when it has.
  bool reap_root(ProcessExit& exit);
  /// The members that live, as far as orphans go at their last look(); dead orphans are reaped on the way.
  std::vector<pid_t> survivors();
  /// After a new look(), as signal().
  TreeUsage usage();
  void signal(int signal);
  /// SIGKILL until nobody is left, at most some seconds.
  void kill_now();

 private:
  bool owns(const ProcFacts& facts);
  bool is_marked(const ProcFacts& facts) const;
  void add_with_descendants(pid_t pid, std::set<pid_t>& members);

  Orphans& orphans_;
  SharedRoots* guarded_;
  std::optional<std::uint32_t> slot_;
  pid_t root_;
  std::string token_;  ///< "<pid>-<number>"
  bool reaped_ = false;
  std::set<pid_t> seen_;  ///< members found so far: they stay ours when their parents die
};

}  // namespace oe::sys
