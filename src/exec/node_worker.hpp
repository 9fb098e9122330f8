#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "oe/exec/executor.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {

/// The text of worker.mjs, which also describes the protocol. Built into the program by CMake.
extern const std::string_view kWorkerScript;

// What a worker says, one line of descriptor 3 each.

/// It is up and takes calls.
struct WorkerReady {};
/// A line that a call printed.
struct WorkerLog {
  std::uint64_t call = 0;
  std::string line;
};
/// How a call ended.
struct WorkerReply {
  std::uint64_t call = 0;
  AttemptReport report;
};
/// A call ended the worker itself with process.exit().
struct WorkerExiting {
  std::uint64_t call = 0;
  int status = 0;
};
using WorkerMessage = std::variant<WorkerReady, WorkerLog, WorkerReply, WorkerExiting>;

/// The call that a message is about, if it is about one.
std::optional<std::uint64_t> call_of(const WorkerMessage& message);

/// Nothing for a line that no worker of ours writes: a tool may write to any descriptor it finds.
std::optional<WorkerMessage> read_worker_line(std::string_view line);

/// What calls that share a worker have in common.
struct WorkerProfile {
  std::filesystem::path directory;
  EnvironmentChanges environment;
  std::optional<graph::Sandbox> sandbox;

  static WorkerProfile of(const AttemptSpec& spec);
  bool serves(const AttemptSpec& spec) const;
};

/// The line, with its newline, that asks for a call of the tool in `file`.
std::string worker_request(std::uint64_t call, const std::filesystem::path& file, const AttemptSpec& spec);

/// `node` with the worker script, in the sandbox of the call that it is started for. It runs until its standard input
/// is closed. NODE_EXTRA_CA_CERTS stays set, although node then needs 70 ms more to start: it reads it only then, and
/// tools behind a proxy depend on it.
Result<sys::ProcessSpec> node_worker(const std::filesystem::path& node, const AttemptSpec& spec,
                                     const std::filesystem::path& root);

}  // namespace oe::exec
