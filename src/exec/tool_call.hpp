#pragma once

#include <cstdint>
#include <filesystem>

#include "oe/exec/executor.hpp"

namespace oe::exec {

/// One attempt of a tool node, with its file found.
struct ToolCall {
  std::uint64_t id = 0;        ///< the handle of the attempt, unique among all tools of an executor
  std::filesystem::path file;  ///< absolute
  AttemptSpec spec;
  Done done;
  Activity activity;
};

}  // namespace oe::exec
