#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/sys/process.hpp"

#include "sys/unique_fd.hpp"

namespace oe::sys {

/// What a child is started with. The descriptors become its 0, 1, 2 and, when there is one, 3.
struct SpawnRequest {
  const ProcessSpec& spec;
  const std::filesystem::path& program;  ///< with a slash; a relative one counts from spec.directory
  const std::string& tree_entry;         ///< one more entry of its environment, in the place of its namesake
  int in = -1;
  int out = -1;
  int err = -1;
  int reply = -1;
};

struct Spawned {
  pid_t pid = -1;
  UniqueFd pidfd;
};

/// Starts a child in a process group of its own, with default signals and no other descriptor of ours.
/// posix_spawn, because fork copies the page tables of a large parent. Errors: environment, see start_error().
Result<Spawned> spawn(const SpawnRequest& request);

/// Why a program could not be started, in words: the errno of exec does not tell a missing program from a missing
/// directory.
Error start_error(int code, const ProcessSpec& spec, const std::filesystem::path& program);

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};
/// Both ends are close-on-exec and above 3, so that they can be moved to 0..3 in any order.
Result<Pipe> make_pipe();

}  // namespace oe::sys
