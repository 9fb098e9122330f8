#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/exec/executor.hpp"

#include "exec/limits.hpp"
#include "exec/node_worker.hpp"
#include "exec/print_log.hpp"
#include "exec/tool_call.hpp"

namespace oe::exec {

/// Calls tools that are ES modules. All calls of one directory, environment and sandbox share one
/// long-lived node worker, as long as nothing goes wrong. When a
/// call has to be ended or ends the worker, the innocent calls of that worker start again on a new one, with their
/// full time. When a worker dies or passes a limit and nobody knows by whose fault, each of its calls gets a worker of
/// its own.
class ModuleTools : public std::enable_shared_from_this<ModuleTools> {
 public:
  explicit ModuleTools(Services services) : services_(services) {}

  void start(ToolCall call);
  void cancel(std::uint64_t id);

 private:
  struct Worker {
    std::unique_ptr<sys::Process> process;
    WorkerProfile profile;
    bool ready = false;
    bool alone = false;   ///< holds one call only, and ends with it
    bool ending = false;  ///< takes and answers no more calls
    std::vector<std::uint64_t> calls;
    /// The call by whose fault the worker ends, and how that call ended.
    std::optional<std::pair<std::uint64_t, AttemptReport>> verdict;
    std::unique_ptr<UsageWatch> watch;  ///< where the sandbox has limits; ends before the process
  };
  struct Running {
    ToolCall call;
    PrintLog log;
    std::string request;  ///< kept until the end: it may have to be sent again
    bool alone = false;
    std::optional<std::uint64_t> worker;
    bool ended = false;  ///< its end was posted
    std::optional<sys::TimerId> timeout;
    std::optional<std::chrono::microseconds> begin;
    std::chrono::milliseconds cpu_before{0};  ///< what the worker had used when the call began
  };

  // Calls (module_tools.cpp).
  void start_clock(std::uint64_t id);
  void stop_clock(Running& running);
  void condemn(std::uint64_t id, AttemptReport report);
  void finish(std::uint64_t id, AttemptReport report);
  void finish_later(std::uint64_t id, AttemptReport report);

  // Workers (module_workers.cpp).
  void assign(std::uint64_t id);
  void assign_later(std::vector<std::uint64_t> ids);
  Result<std::uint64_t> worker_for(const Running& running);
  Result<std::uint64_t> start_worker(const Running& running);
  Result<std::filesystem::path> node();
  void watch(std::uint64_t number, Worker& worker);
  void look(std::uint64_t number, const sys::TreeUsage& usage);
  void end_worker(Worker& worker);
  void leave(std::uint64_t id, Worker& worker);
  void detach(const std::vector<std::uint64_t>& ids);

  // What workers say and do (module_workers.cpp).
  sys::ProcessEvents events(std::uint64_t worker);
  void heard_line(std::uint64_t worker, std::string_view line);
  void heard(Worker& worker, const WorkerReady&);
  void heard(Worker& worker, const WorkerLog& log);
  void heard(Worker& worker, const WorkerReply& reply);
  void heard(Worker& worker, const WorkerExiting& exiting);
  void heard_error_line(std::uint64_t worker, std::string_view line);
  void worker_ended(std::uint64_t worker, const sys::ProcessExit& exit);

  Services services_;
  std::optional<std::filesystem::path> node_;
  std::map<std::uint64_t, Running> running_;
  std::map<std::uint64_t, Worker> workers_;
  std::uint64_t last_worker_ = 0;
};

}  // namespace oe::exec
