#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/sys/loop.hpp"

namespace oe::sys {

using Environment = std::vector<std::string>;  ///< "NAME=value" each

/// This process's environment with some names set (or, with nullopt, removed).
Environment environment_with(const std::vector<std::pair<std::string, std::optional<std::string>>>& changes);

/// The first executable `name` on PATH, as an absolute path; nothing when there is none.
std::optional<std::filesystem::path> find_program(std::string_view name);

struct ProcessSpec {
  std::vector<std::string> argv;  ///< argv[0] is looked up on PATH when it has no slash
  std::filesystem::path directory;
  std::optional<Environment> environment;  ///< nothing: this process's own
  std::string input;                       ///< all of standard input, which is closed after it
  bool keep_input_open = false;            ///< for long-lived workers: write() more later
  bool reply_pipe = false;                 ///< gives the child fd 3; its lines arrive through on_reply
  std::size_t max_output = std::size_t{16}
                           << 20;  ///< bytes kept of each of stdout and stderr; past it the tree is killed
  std::optional<std::chrono::milliseconds> timeout;
  std::chrono::milliseconds grace{500};  ///< between SIGTERM and SIGKILL
  /// argv is a wrapper such as bubblewrap, which ends with 128 + n when signal n has ended the program inside. Such a
  /// status becomes that signal again, when it is one of a crash or a kill.
  bool tells_signals_by_status = false;
};

/// How a process ended. `timed_out`, `cancelled` and `over_limit` say why we killed it; otherwise its end was
/// its own.
struct ProcessExit {
  std::optional<int> code;
  std::optional<int> signal;
  bool timed_out = false;
  bool cancelled = false;
  bool over_limit = false;
  std::string out;
  std::string err;
  std::chrono::microseconds duration{0};
};

/// What a process and everything that it started use at this moment.
struct TreeUsage {
  std::size_t processes = 0;
  std::uint64_t resident_bytes = 0;  ///< the sum: shared pages count in each
  std::chrono::milliseconds cpu{0};  ///< user and system, since the start, with the dead whose parents live
};

/// A started process and everything that it started. The destructor kills what is left of the tree.
class Process {
 public:
  virtual ~Process() = default;
  virtual int pid() const = 0;
  virtual void write(std::string_view bytes) = 0;  ///< queued; only with keep_input_open
  virtual void close_input() = 0;
  /// Ends the whole tree, also children that left the process group or were orphaned. on_exit follows, with
  /// `cancelled`.
  virtual void kill_tree() = 0;
  virtual TreeUsage usage() = 0;  ///< reads /proc for each process of the tree
};

struct ProcessEvents {
  std::function<void(ProcessExit)> on_exit;             ///< exactly once, after the tree is gone
  std::function<void(std::string_view)> on_reply;       ///< each line of fd 3, without the newline
  std::function<void(std::string_view)> on_error_line;  ///< each line of stderr as it comes; optional
  /// Each line of stdout as it comes; optional: then ProcessExit::out stays empty, and max_output is that of one line.
  std::function<void(std::string_view)> on_line;
};

/// Whether a guard, a small process of its own, ends what a host started when this process dies without doing so
/// itself, also by SIGKILL. Costs a fork at the first start.
enum class Guarded { yes, no };

/// Starts processes on one loop. Makes this process a subreaper, so orphans can be found and ended.
class ProcessHost {
 public:
  explicit ProcessHost(EventLoop& loop, Guarded guarded = Guarded::yes);
  ~ProcessHost();
  /// Errors: environment, naming the program, when it cannot be started at all (missing, not executable, no
  /// such directory).
  Result<std::unique_ptr<Process>> start(ProcessSpec spec, ProcessEvents events);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Runs one process to its end on a loop of its own, without a guard. For git, version probes and other short helpers.
Result<ProcessExit> run_process(ProcessSpec spec);

}  // namespace oe::sys
