#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "oe/sys/process.hpp"

#include "sys/host_context.hpp"
#include "sys/input_pipe.hpp"
#include "sys/line_cutter.hpp"
#include "sys/process_tree.hpp"
#include "sys/watch.hpp"

namespace oe::sys {

/// One started process from its start to the last event. Its host owns it until then.
///
///   running --root exits--> (lingering: others of the tree live or hold a pipe) --> gone
///      \--timeout, limit, cancel--> ending: SIGTERM, after the grace SIGKILL    --> gone
class Child final : public std::enable_shared_from_this<Child> {
 public:
  Child(HostContext& host, ProcessSpec spec, ProcessEvents events);
  Result<void> start(const std::filesystem::path& program, const std::string& tree_entry);

  pid_t pid() const { return tree_->root(); }
  void write(std::string_view bytes);
  void close_input();
  void cancel();
  TreeUsage usage() { return tree_ ? tree_->usage() : TreeUsage{}; }
  /// Looks at the orphans of the host once for all its children that wait for it.
  static void settle_all(HostContext& host);
  /// Ends the tree at once; no event follows.
  void abandon();

 private:
  enum class Stage { running, lingering, ending, gone };
  using Take = void (Child::*)(std::string_view);
  struct Output {
    Watch watch;
    Take take = nullptr;
  };
  struct Ends;

  Result<void> connect(Ends ends, UniqueFd pidfd);
  void feed(UniqueFd input);
  void limit_time();
  Result<void> listen(Output& output, UniqueFd fd, Take take);
  void wait_for(Output& output);
  void read(Output& output);
  void keep(std::string& kept, std::string_view bytes);
  void take_out(std::string_view bytes);
  void take_err(std::string_view bytes);
  void take_reply(std::string_view bytes);
  LineCutter::OnLine unless_abandoned(const LineCutter::OnLine& on_line);
  bool outputs_are_closed() const;

  void wait_for_root();
  void root_exited();
  void over_limit();
  void end();
  void settle_later();
  void settle();
  void tick();
  void tick_later();
  void disconnect();
  void finish();
  /// Calls `method` from the loop while this lives.
  std::function<void()> later(void (Child::*method)());

  HostContext& host_;
  ProcessSpec spec_;
  ProcessEvents events_;
  std::optional<ProcessTree> tree_;
  Watch pidfd_;
  std::optional<InputPipe> input_;
  Output out_;
  Output err_;
  Output reply_;
  LineCutter lines_;
  LineCutter error_lines_;
  LineCutter reply_lines_;
  ProcessExit exit_;
  Stage stage_ = Stage::running;
  bool settling_ = false;
  bool abandoned_ = false;  ///< the owner let go: no more events
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point deadline_;  ///< of the stage
  std::optional<TimerId> timeout_;
  std::optional<TimerId> tick_;
};

}  // namespace oe::sys
