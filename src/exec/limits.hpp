#pragma once

#include <functional>
#include <optional>
#include <string>

#include "oe/graph/graph.hpp"
#include "oe/sys/loop.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {

/// True when something of the process tree has to be watched while it runs.
bool is_limited(const graph::Sandbox& sandbox);

/// Which limit is passed, its value and what was seen; nothing when all is well. `cpu_before` was used by others.
std::optional<std::string> breach_of(const graph::Sandbox& sandbox, const sys::TreeUsage& usage,
                                     std::chrono::milliseconds cpu_before = {});

/// What an attempt may print on one stream, in bytes.
std::size_t output_limit(const graph::Sandbox* sandbox, std::size_t usual);

/// Says every 50 ms what a process and all that it started use, until it is destroyed. Borrows the process.
class UsageWatch {
 public:
  using Look = std::function<void(const sys::TreeUsage&)>;
  UsageWatch(sys::EventLoop& loop, sys::Process& process, Look look);
  UsageWatch(const UsageWatch&) = delete;
  UsageWatch& operator=(const UsageWatch&) = delete;
  ~UsageWatch() { loop_.cancel(timer_); }

 private:
  void later();

  sys::EventLoop& loop_;
  sys::Process& process_;
  Look look_;
  sys::TimerId timer_;
};

}  // namespace oe::exec
