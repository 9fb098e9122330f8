#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "oe/sys/loop.hpp"

#include "sys/process_tree.hpp"
#include "sys/tree_guard.hpp"
#include "sys/unique_fd.hpp"

namespace oe::sys {

class Child;

/// What the children of one host share.
struct HostContext {
  EventLoop& loop;
  Orphans orphans;
  std::optional<TreeGuard> guard;
  UniqueFd no_input;              ///< /dev/null
  std::vector<char> read_buffer;  ///< for one read at a time
  std::unordered_map<Child*, std::shared_ptr<Child>> children;
};

}  // namespace oe::sys
