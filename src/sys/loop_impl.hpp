#pragma once

// The one place that takes Asio in; loop.cpp, watch.cpp and socket_watch.cpp are its only readers.
#ifndef ASIO_STANDALONE
#define ASIO_STANDALONE
#endif
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <list>
#include <unordered_map>

#include "oe/sys/loop.hpp"

namespace oe::sys {

struct EventLoop::Impl {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::unordered_map<std::uint64_t, asio::steady_timer> timers;
  std::uint64_t last_timer = 0;
  std::list<asio::signal_set> signals;
};

}  // namespace oe::sys
