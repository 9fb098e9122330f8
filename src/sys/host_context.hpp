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
  std::shared_ptr<const bool> life =
      std::make_shared<bool>(true);            ///< for what is posted: the loop may outlive the host
  std::vector<std::weak_ptr<Child>> settling;  ///< those that wait for the next look at the orphans
};

}  // namespace oe::sys
