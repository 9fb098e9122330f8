#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "oe/exec/executor.hpp"

#include "exec/limits.hpp"
#include "exec/print_log.hpp"
#include "exec/tool_call.hpp"

namespace oe::exec {

/// Calls tools that are executables: one JSON object on standard input, one on standard output, a process for each
/// call. The environment says which call it is, see identity_of().
class ProgramTools : public std::enable_shared_from_this<ProgramTools> {
 public:
  explicit ProgramTools(Services services) : services_(services) {}

  void start(ToolCall call);
  void cancel(std::uint64_t id);

 private:
  struct Running {
    ToolCall call;
    PrintLog log;
    std::unique_ptr<sys::Process> process;
    std::unique_ptr<UsageWatch> watch;  ///< ends before the process
    std::string breach;                 ///< of a limit of the sandbox
  };

  Result<std::unique_ptr<sys::Process>> begin(const ToolCall& call);
  void watch(Running& running);

  sys::ProcessEvents events(std::uint64_t id);
  void finish(std::uint64_t id, AttemptReport report);

  Services services_;
  std::map<std::uint64_t, Running> running_;
};

}  // namespace oe::exec
