#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <thread>
#include <unistd.h>

#include "oe/sys/loop.hpp"
#include "oe/sys/process.hpp"

namespace oe::sys {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

inline ProcessSpec shell(const std::string& script) {
  ProcessSpec spec;
  spec.argv = {"/bin/sh", "-c", script};
  return spec;
}

/// A directory of its own for one test, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "oe-sys-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// True when the process is gone or only waits to be reaped.
inline bool is_dead(pid_t pid) {
  const std::string stat = content_of("/proc/" + std::to_string(pid) + "/stat");
  return stat.empty() || stat.substr(stat.rfind(')') + 2, 1) == "Z";
}

/// The pids, dead ones included, separated by spaces.
inline std::string children_of_this_process() {
  const std::string pid = std::to_string(::getpid());
  return content_of("/proc/" + pid + "/task/" + pid + "/children");
}

/// The pid that a script of the test wrote to a file; waits for it, at most two seconds.
inline pid_t pid_in(const std::filesystem::path& file) {
  for (int waited = 0; waited < 400; ++waited) {
    const std::string text = content_of(file);
    if (text.ends_with('\n')) return static_cast<pid_t>(std::stol(text));
    std::this_thread::sleep_for(milliseconds(5));
  }
  ADD_FAILURE() << "nobody wrote a pid to " << file;
  return 0;
}

/// A loop with a host, and the exits in the order in which they came.
class ProcessScenario : public ::testing::Test {
 protected:
  std::unique_ptr<Process> start(ProcessSpec spec, ProcessEvents events = {}) {
    ++running_;
    events.on_exit = [this](ProcessExit exit) {
      exits_.push_back(std::move(exit));
      if (--running_ == 0) loop_.stop();
    };
    auto process = host_->start(std::move(spec), std::move(events));
    if (!process) {
      ADD_FAILURE() << process.error().to_string();
      return nullptr;
    }
    return std::move(*process);
  }
  /// Until all that was started has ended.
  void run() { loop_.run(); }
  ProcessExit run(ProcessSpec spec, ProcessEvents events = {}) {
    const auto process = start(std::move(spec), std::move(events));
    if (!process) return {};
    run();
    return exits_.back();
  }

  TemporaryDirectory directory_;
  EventLoop loop_;
  std::unique_ptr<ProcessHost> host_ = std::make_unique<ProcessHost>(loop_);
  std::vector<ProcessExit> exits_;
  int running_ = 0;
};

}  // namespace oe::sys
