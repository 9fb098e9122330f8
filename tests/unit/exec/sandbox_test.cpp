#include "oe/exec/sandbox.hpp"

#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempts.hpp"

namespace oe::exec {
namespace {

using ledger::Outcome;
using std::chrono::milliseconds;
using testing::HasSubstr;

class SandboxTest : public AttemptsTest {
 protected:
  void SetUp() override {
    if (const auto works = sandbox_works(); !works) GTEST_SKIP() << works.error().to_string();
    executor = make_command_executor({loop, processes, directory.path()});
  }

  const AttemptReport& enclosed(const std::string& line, graph::Sandbox given = {}) {
    sandbox = std::move(given);
    Attempt& attempt = prepare(graph::Command{.run = line});
    attempt.spec.sandbox = &sandbox;
    attempt.spec.timeout = std::chrono::seconds(20);
    return run(attempt);
  }

  graph::Sandbox sandbox;
};

/// Accepts connections on 127.0.0.1.
class LocalServer {
 public:
  LocalServer() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(fd_, 8);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;
  ~LocalServer() { ::close(fd_); }
  std::string connect() const { return "bash -c 'echo > /dev/tcp/127.0.0.1/" + std::to_string(port_) + "'"; }

 private:
  int fd_;
  int port_ = 0;
};

TEST_F(SandboxTest, HasNoNetworkUnlessItIsGranted) {
  const LocalServer server;
  EXPECT_EQ(enclosed(server.connect()).outcome, Outcome::failed);
  EXPECT_EQ(enclosed(server.connect(), {.network = true}).error, "");
}

TEST_F(SandboxTest, WritesOnlyWhereItMay) {
  write("seen.txt", "seen");
  write("out/keep", "");
  EXPECT_THAT(enclosed("cat seen.txt && echo x > new.txt").output, HasSubstr("ead-only"));
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "new.txt"));
  EXPECT_EQ(enclosed("echo x > out/a && echo y > made/b && echo z > /tmp/c", {.write = {"out", "made"}}).error, "");
  EXPECT_TRUE(std::filesystem::exists(directory.path() / "out/a"));
  EXPECT_TRUE(std::filesystem::exists(directory.path() / "made/b"));
  EXPECT_FALSE(std::filesystem::exists("/tmp/c"));
  EXPECT_EQ(enclosed("echo x > /usr/local/oe-was-here").outcome, Outcome::failed);
}

// So that `retry_on: {signal: true}` means the same in a trial, which is always in the sandbox.
TEST_F(SandboxTest, TellsASignalFromAnExitStatus) {
  for (const int signal : {SIGSEGV, SIGABRT, SIGKILL, SIGTERM}) {
    const AttemptReport killed = enclosed("kill -" + std::to_string(signal) + " $$");
    EXPECT_EQ(killed.signal, signal);
    EXPECT_FALSE(killed.exit_code);
  }
  EXPECT_EQ(enclosed("kill -SEGV $$").error, "signal 11 (SIGSEGV)");
  for (const int status : {1, 128, 129, 130, 255}) {
    const AttemptReport ended = enclosed("exit " + std::to_string(status));
    EXPECT_EQ(ended.exit_code, status);
    EXPECT_FALSE(ended.signal);
  }
}

TEST_F(SandboxTest, GrantsNothingOutsideTheRepositoryAndNothingOfGit) {
  EXPECT_THAT(enclosed("true", {.write = {"../elsewhere"}}).error, HasSubstr("'../elsewhere' is not inside"));
  EXPECT_THAT(enclosed("true", {.write = {"/etc"}}).error, HasSubstr("'/etc'"));
  write(".git/config", "");
  EXPECT_EQ(enclosed("echo x > fine; echo x > .git/config", {.write = {"."}}).outcome, Outcome::failed);
  EXPECT_TRUE(std::filesystem::exists(directory.path() / "fine"));
}

TEST_F(SandboxTest, DoesNotSeeTheHomeDirectoryOrOtherProcesses) {
  const std::string home = std::getenv("HOME");
  write("home/secret", "s");
  ::setenv("HOME", (directory.path().parent_path() / (directory.path().filename().string() + "-home")).c_str(), 1);
  std::filesystem::create_directory(std::getenv("HOME"));
  std::ofstream(std::filesystem::path(std::getenv("HOME")) / "secret") << "s";
  const AttemptReport seen =
      enclosed("test -d $HOME && ! test -e $HOME/secret && ! test -e /proc/" + std::to_string(::getpid()));
  std::filesystem::remove_all(std::getenv("HOME"));
  ::setenv("HOME", home.c_str(), 1);
  EXPECT_EQ(seen.outcome, Outcome::succeeded) << seen.error;
}

TEST_F(SandboxTest, EndsAMemoryHogAndSaysWhy) {
  const AttemptReport& report =
      enclosed("head -c 400m /dev/zero | tail -c 400m | cat >/dev/null; sleep 5", {.memory_mb = 100});
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_THAT(report.error, testing::AllOf(HasSubstr("of memory"), HasSubstr("memory_mb: 100")));
}

TEST_F(SandboxTest, EndsACrowdOfProcessesAndSaysWhy) {
  const AttemptReport& report = enclosed("while :; do sleep 20 & done", {.processes = 20});
  EXPECT_THAT(report.error, HasSubstr("processes: 20"));
}

TEST_F(SandboxTest, EndsWhoUsesTooMuchCpuOrPrintsTooMuch) {
  EXPECT_THAT(enclosed("while :; do :; done", {.cpu = milliseconds(150)}).error, HasSubstr("limit of 150 ms"));
  EXPECT_THAT(enclosed("cat /dev/zero", {.output_mb = 2}).error, HasSubstr("more than 2 MiB"));
  EXPECT_EQ(
      enclosed("echo small", {.memory_mb = 500, .processes = 20, .output_mb = 1, .cpu = milliseconds(5000)}).error, "");
}

TEST_F(SandboxTest, TimeoutsAndCancelsEndAllOfIt) {
  sandbox = {};
  Attempt& attempt = prepare(graph::Command{.run = "setsid sleep 61 & sleep 61"});
  attempt.spec.sandbox = &sandbox;
  attempt.spec.timeout = milliseconds(300);
  EXPECT_EQ(run(attempt).outcome, Outcome::timed_out);
}

TEST_F(SandboxTest, ProgramToolsAndJavaScriptToolsAreInItToo) {
  executor = make_tool_executor({loop, processes, directory.path()});
  sandbox = {.write = {"out"}};
  write("out/keep", "");
  write("tool.sh",
        "#!/bin/sh\necho x > out/program; if echo y > bad; then exit 1; fi\necho '{\"state_delta\":{\"a\":1}}'\n",
        true);
  write("tool.mjs",
        "import { writeFileSync } from 'node:fs';\nexport default () => { writeFileSync('out/module', 'x');\n"
        "try { writeFileSync('bad', 'x'); } catch (e) { return { state_delta: { why: e.code } }; } };\n");
  for (const std::string name : {"tool.sh", "tool.mjs"}) {
    Attempt& attempt = prepare_tool(name);
    attempt.spec.sandbox = &sandbox;
    EXPECT_EQ(run(attempt).error, "") << name;
    EXPECT_EQ(attempt.delta("why"), name == "tool.mjs" ? "\"EROFS\"" : "(nothing)");
  }
  EXPECT_TRUE(std::filesystem::exists(directory.path() / "out/program"));
  EXPECT_TRUE(std::filesystem::exists(directory.path() / "out/module"));
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "bad"));
}

TEST_F(SandboxTest, AModuleThatPassesALimitFailsAloneAndItsNeighboursDoNot) {
  executor = make_tool_executor({loop, processes, directory.path()});
  sandbox = {.memory_mb = 300};
  write("hog.mjs",
        "export default async () => { const all = []; for (;;) { all.push(Buffer.alloc(2e7, 1));\n"
        "await new Promise((go) => setTimeout(go, 5)); } };\n");
  write("calm.mjs",
        "export default async () => { await new Promise((go) => setTimeout(go, 300));\n"
        "return { state_delta: { a: 1 } }; };\n");
  Attempt& hog = prepare_tool("hog.mjs");
  Attempt& calm = prepare_tool("calm.mjs");
  for (Attempt* attempt : {&hog, &calm}) {
    attempt->spec.sandbox = &sandbox;
    start(*attempt);
  }
  finish();
  EXPECT_THAT(hog.result().error, HasSubstr("memory_mb: 300"));
  EXPECT_EQ(calm.result().error, "");
}

}  // namespace
}  // namespace oe::exec
