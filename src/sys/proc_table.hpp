#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "sys/unique_fd.hpp"

namespace oe::sys {

// What /proc tells about processes; anything may have changed by the time that it is read.

struct ProcFacts {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  bool zombie = false;
  std::string name;                  ///< of the program, at most 15 bytes
  std::uint64_t started = 0;         ///< in clock ticks since the machine started: tells two lives of a pid apart
  std::chrono::milliseconds cpu{0};  ///< user and system, with the children that it has waited for
  std::uint64_t resident_bytes = 0;
};

/// Nothing when there is no such process.
std::optional<ProcFacts> proc_facts(pid_t pid);

std::vector<pid_t> all_processes();

/// Living and dead children of all its threads.
std::vector<pid_t> children_of(pid_t pid);

/// The value of an environment variable that the process was started with; nothing when it is not set or may not be
/// read.
std::optional<std::string> started_with(pid_t pid, std::string_view name);

/// The children that the kernel lists for the first thread of this process, which is where orphans come to. Costs one
/// read.
class OwnChildren {
 public:
  OwnChildren();
  std::vector<pid_t> list();

 private:
  UniqueFd file_;  ///< of /proc, kept open
  std::string buffer_;
};

}  // namespace oe::sys
