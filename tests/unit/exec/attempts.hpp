#pragma once

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <vector>

#include "oe/exec/executor.hpp"

namespace oe::exec {

/// A new directory, removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "oe-exec-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// One attempt and what came of it.
struct Attempt {
  graph::Node node;
  AttemptSpec spec;
  std::uint64_t handle = 0;
  std::optional<AttemptReport> report;
  std::vector<std::string> activities;

  const AttemptReport& result() const { return report.value(); }
  std::string delta(const std::string& field) const {
    const auto found = report->state_delta.find(field);
    return found == report->state_delta.end() ? "(nothing)" : found->second.dump();
  }
};

/// Makes attempts with a real loop, real processes and real files. In the end no process may be left.
class AttemptsTest : public ::testing::Test {
 protected:
  // Where it is set, each start of node takes 70 ms more, and no test needs it.
  AttemptsTest() { ::unsetenv("NODE_EXTRA_CA_CERTS"); }

  void TearDown() override {
    executor.reset();
    host.reset();
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a process was left behind";
    EXPECT_EQ(errno, ECHILD);
  }

  std::filesystem::path write(const std::string& name, std::string_view content, bool executable = false) {
    const auto path = directory.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
    if (executable) std::filesystem::permissions(path, std::filesystem::perms(0755));
    return path;
  }

  Attempt& prepare(graph::Work work, std::string_view input = "{}") {
    Attempt& attempt = attempts.emplace_back();
    attempt.node = {.id = {"n"}, .work = std::move(work)};
    attempt.spec = {.run = {"r-1"}, .node = {"n"}, .input = Value::parse(input).value(), .directory = directory.path()};
    return attempt;
  }
  Attempt& prepare_tool(const std::string& impl, std::string_view input = "{}") {
    return prepare(graph::Tool{.impl = impl}, input);
  }

  void start(Attempt& attempt) {
    attempt.spec.work = &attempt.node;
    ++in_flight;
    attempt.handle = executor->start(
        attempt.spec,
        [this, &attempt](AttemptReport report) {
          EXPECT_FALSE(attempt.report) << "done was called twice";
          EXPECT_TRUE(attempt.handle != 0) << "done was called inside start()";
          attempt.report = std::move(report);
          if (--in_flight == 0) loop.stop();
        },
        [&attempt](std::string_view line) { attempt.activities.emplace_back(line); });
  }

  /// Until all attempts have ended.
  void finish() {
    const sys::TimerId watchdog = loop.after(std::chrono::seconds(30), [this] {
      ADD_FAILURE() << "an attempt did not end";
      loop.stop();
    });
    if (in_flight > 0) loop.run();
    loop.cancel(watchdog);
  }

  const AttemptReport& run(Attempt& attempt) {
    start(attempt);
    finish();
    return attempt.result();
  }
  Attempt& call(const std::string& impl, std::string_view input = "{}") {
    Attempt& attempt = prepare_tool(impl, input);
    run(attempt);
    return attempt;
  }

  TemporaryDirectory directory;
  sys::EventLoop loop;
  std::unique_ptr<sys::ProcessHost> host = std::make_unique<sys::ProcessHost>(loop);
  sys::ProcessHost& processes = *host;
  std::shared_ptr<Executor> executor;
  std::list<Attempt> attempts;
  int in_flight = 0;
};

}  // namespace oe::exec
