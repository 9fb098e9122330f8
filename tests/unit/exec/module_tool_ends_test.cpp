#include <csignal>

#include "attempts.hpp"

namespace oe::exec {
namespace {

using std::chrono::milliseconds;

/// How one call of a worker ends, and what that means for the others.
class ModuleToolEnds : public AttemptsTest {
 protected:
  void SetUp() override {
    executor = make_tool_executor({loop, processes});
    write("spin.mjs", "export default () => { for (;;); };");
    write("wait.mjs", "export default () => new Promise(() => {});");
    write("sleep.mjs", R"(export default async ({ms}) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return { state_delta: { pid: process.pid } };
    })");
    write("good.mjs", "export default () => ({ state_delta: { pid: process.pid } });");
  }

  Attempt& started(const std::string& impl, std::string_view input = "{}", milliseconds timeout = milliseconds(0)) {
    Attempt& attempt = prepare_tool(impl, input);
    if (timeout.count() > 0) attempt.spec.timeout = timeout;
    start(attempt);
    return attempt;
  }

  void cancel_all_once(std::function<bool()> ready) {
    loop.after(milliseconds(20), [this, ready = std::move(ready)] {
      if (!ready()) return cancel_all_once(ready);
      for (const Attempt& attempt : attempts) executor->cancel(attempt.handle);
    });
  }
};

TEST_F(ModuleToolEnds, ACallThatKeepsTheThreadTimesOutAndTheNextSucceeds) {
  Attempt& spin = started("spin.mjs", "{}", milliseconds(150));
  finish();
  EXPECT_EQ(spin.result().outcome, ledger::Outcome::timed_out);
  EXPECT_THAT(spin.result().error, testing::HasSubstr("timeout of 150 ms"));
  EXPECT_GE(spin.result().duration, milliseconds(150));
  EXPECT_LT(spin.result().duration, milliseconds(5000));
  EXPECT_EQ(call("good.mjs").result().outcome, ledger::Outcome::succeeded);
}

TEST_F(ModuleToolEnds, TheInnocentCallSucceedsAfterATimeout) {
  Attempt& spin = started("spin.mjs", "{}", milliseconds(150));
  Attempt& innocent = started("sleep.mjs", R"({"ms":20})", milliseconds(5000));
  finish();
  EXPECT_EQ(spin.result().outcome, ledger::Outcome::timed_out);
  EXPECT_EQ(innocent.result().outcome, ledger::Outcome::succeeded) << innocent.result().error;
}

TEST_F(ModuleToolEnds, AnAnswerIsNotHeldBackByTheNextCall) {
  Attempt& warm = started("good.mjs");
  finish();
  Attempt& quick = started("good.mjs");
  Attempt& spin = started("spin.mjs", "{}", milliseconds(150));
  finish();
  EXPECT_EQ(spin.result().outcome, ledger::Outcome::timed_out);
  EXPECT_EQ(quick.delta("pid"), warm.delta("pid")) << "it was repeated in a new worker";
}

TEST_F(ModuleToolEnds, TheStartOfNodeIsNotOnTheAccountOfACall) {
  write("bin/node", "#!/bin/sh\nsleep 0.8\nPATH=${PATH#*:}\nexec node \"$@\"\n", true);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", ((directory.path() / "bin").string() + ":" + path).c_str(), 1);
  Attempt& attempt = started("good.mjs", "{}", milliseconds(700));
  finish();
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(attempt.result().outcome, ledger::Outcome::succeeded) << attempt.result().error;
}

TEST_F(ModuleToolEnds, ATimeoutEndsWhatTheToolStarted) {
  write("spawn.mjs", R"(import { spawn } from 'node:child_process';
    export default () => new Promise(() => {
      spawn('sh', ['-c', 'trap "" TERM; sleep 60'], { stdio: 'ignore', detached: true }).unref();
    });)");
  Attempt& attempt = started("spawn.mjs", "{}", milliseconds(200));
  finish();
  EXPECT_EQ(attempt.result().outcome, ledger::Outcome::timed_out);
}

TEST_F(ModuleToolEnds, ACancelEndsOneCallAndTheOtherSucceeds) {
  Attempt& waits = started("wait.mjs");
  Attempt& other = started("sleep.mjs", R"({"ms":100})");
  loop.after(milliseconds(150), [&] {
    executor->cancel(waits.handle);
    executor->cancel(waits.handle);
    EXPECT_FALSE(waits.report);
  });
  finish();
  EXPECT_EQ(waits.result().outcome, ledger::Outcome::cancelled);
  EXPECT_EQ(other.result().outcome, ledger::Outcome::succeeded);
}

TEST_F(ModuleToolEnds, ACancelOfAllEndsAllWithoutStartingAnythingAgain) {
  write("mark.mjs", R"(import { appendFileSync } from 'node:fs';
    export default ({file}) => { appendFileSync(file, 'x'); return new Promise(() => {}); };)");
  const auto file = directory.path() / "starts";
  for (int i = 0; i < 5; ++i) started("mark.mjs", R"({"file":")" + file.string() + "\"}");
  cancel_all_once([&] { return std::filesystem::exists(file) && std::filesystem::file_size(file) == 5; });
  finish();
  for (const Attempt& attempt : attempts) EXPECT_EQ(attempt.result().outcome, ledger::Outcome::cancelled);
  EXPECT_EQ(std::filesystem::file_size(file), 5U);
}

TEST_F(ModuleToolEnds, ACancelRightAfterTheStartIsACancel) {
  Attempt& attempt = started("good.mjs");
  executor->cancel(attempt.handle);
  executor->cancel(attempt.handle + 1000);
  finish();
  EXPECT_EQ(attempt.result().outcome, ledger::Outcome::cancelled);
}

TEST_F(ModuleToolEnds, AnExitEndsItsOwnCallAndTheOthersRunAgain) {
  write("exit.mjs", "export default async () => { await 0; process.exit(3); };");
  Attempt& slow = started("sleep.mjs", R"({"ms":150})");
  Attempt& exits = started("exit.mjs");
  Attempt& other = started("sleep.mjs", R"({"ms":100})");
  finish();
  EXPECT_THAT(exits.result().error, testing::HasSubstr("the worker ended with exit status 3"));
  EXPECT_EQ(exits.result().exit_code, 3);
  EXPECT_EQ(slow.result().outcome, ledger::Outcome::succeeded) << slow.result().error;
  EXPECT_EQ(slow.delta("pid"), other.delta("pid"));
}

TEST_F(ModuleToolEnds, WhereNobodyKnowsWhoseFaultADeathIsTheCallsAreSetApart) {
  write("die.mjs", "export default () => process.kill(process.pid, 'SIGKILL');");
  Attempt& one = started("sleep.mjs", R"({"ms":150})");
  Attempt& dies = started("die.mjs");
  Attempt& two = started("sleep.mjs", R"({"ms":150})");
  finish();
  EXPECT_EQ(dies.result().outcome, ledger::Outcome::failed);
  EXPECT_EQ(dies.result().signal, SIGKILL);
  EXPECT_EQ(one.result().outcome, ledger::Outcome::succeeded) << one.result().error;
  EXPECT_NE(one.delta("pid"), two.delta("pid"));
  EXPECT_EQ(call("good.mjs").delta("pid"), call("good.mjs").delta("pid")) << "no shared worker any more";
}

TEST_F(ModuleToolEnds, AWorkerThatDiesIdleIsReplaced) {
  write("later.mjs", "export default () => { setTimeout(() => process.exit(0), 20); return {}; };");
  EXPECT_EQ(call("later.mjs").result().outcome, ledger::Outcome::succeeded);
  loop.after(milliseconds(300), [&] { loop.stop(); });
  loop.run();
  EXPECT_EQ(call("good.mjs").result().outcome, ledger::Outcome::succeeded);
}

TEST_F(ModuleToolEnds, AnExecutorThatDiesTakesItsWorkersAlong) {
  Attempt& attempt = started("spin.mjs");
  loop.after(milliseconds(200), [&] { loop.stop(); });
  loop.run();
  executor.reset();
  EXPECT_FALSE(attempt.report);
}

}  // namespace
}  // namespace oe::exec
