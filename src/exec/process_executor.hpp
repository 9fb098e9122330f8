#pragma once

#include <memory>

#include "oe/exec/executor.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {

/// What is special about a kind of node that is one process an attempt.
struct ProcessKind {
  /// The process, without its sandbox, timeout and limits. Errors become the error of the attempt.
  Result<sys::ProcessSpec> (*process)(const AttemptSpec& spec);
  /// What its own end, by whatever exit status, makes of the attempt.
  AttemptReport (*report)(const AttemptSpec& spec, const sys::ProcessExit& exit);
};

/// Starts the process of each attempt, in its sandbox, and reports its end.
std::shared_ptr<Executor> make_process_executor(Services services, ProcessKind kind);

}  // namespace oe::exec
