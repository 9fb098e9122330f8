#include <csignal>
#include <tuple>

#include "attempts.hpp"

namespace oe::exec {
namespace {

class ProgramTool : public AttemptsTest {
 protected:
  void SetUp() override { executor = make_tool_executor({loop, processes}); }

  Attempt& call_script(const std::string& body, std::string_view input = "{}") {
    write("tool", "#!/bin/sh\n" + body, true);
    return call("tool", input);
  }
};

TEST_F(ProgramTool, TakesOneObjectAndGivesOne) {
  write("tool.py", R"(#!/usr/bin/env python3
import json, sys
given = json.load(sys.stdin)
print(json.dumps({"state_delta": {"sum": given["a"] + given["_state"]["b"]},
                  "edge_output": given["_edge_inputs"], "metrics": {"rows": 1}, "other": 1}, indent=2))
)",
        true);
  Attempt& attempt = call("tool.py", R"({"a":1,"_state":{"b":2},"_edge_inputs":{"p":[7]}})");
  const AttemptReport& report = attempt.result();
  ASSERT_EQ(report.outcome, ledger::Outcome::succeeded) << report.error;
  EXPECT_EQ(attempt.delta("sum"), "3");
  EXPECT_EQ(report.state_delta.size(), 1U);
  EXPECT_EQ(report.edge_output->dump(), R"({"p":[7]})");
  EXPECT_EQ(report.metrics->dump(), R"({"rows":1})");
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_GT(report.duration.count(), 0);
}

TEST_F(ProgramTool, KnowsFromItsEnvironmentWhichCallItIs) {
  const std::string echo =
      R"(printf '{"state_delta":{"e":"%s %s %s %s"}}' "$OE_RUN_ID" "$OE_NODE_ID" "$OE_ATTEMPT" "${OE_ITEM_INDEX-none}")";
  EXPECT_EQ(call_script(echo).delta("e"), R"("r-1 n 1 none")");
  Attempt& item = prepare_tool("tool");
  item.spec.index = 4;
  item.spec.attempt = 2;
  run(item);
  EXPECT_EQ(item.delta("e"), R"("r-1 n 2 4")");
}

TEST_F(ProgramTool, StartsInTheDirectoryOfTheWorkflow) {
  EXPECT_EQ(call_script(R"(printf '{"state_delta":{"d":"%s"}}' "$PWD")").delta("d"),
            Value::of(directory.path().string()).dump());
}

TEST_F(ProgramTool, MayGiveNothing) {
  const Attempt& attempt = call_script("echo '{}'");
  EXPECT_EQ(attempt.result().outcome, ledger::Outcome::succeeded);
  EXPECT_TRUE(attempt.result().state_delta.empty());
  EXPECT_FALSE(attempt.result().edge_output);
}

TEST_F(ProgramTool, NeedNotReadALargeInput) {
  const std::string input = R"({"big":")" + std::string(5'000'000, 'x') + "\"}";
  EXPECT_EQ(call_script("echo '{}'", input).result().outcome, ledger::Outcome::succeeded);
}

TEST_F(ProgramTool, PassesFiveMegabytesBothWays) {
  const std::string big(5'000'000, 'x');
  Attempt& attempt = call_script(R"(printf '{"state_delta":'; cat; printf '}')", R"({"big":")" + big + "\"}");
  ASSERT_EQ(attempt.result().outcome, ledger::Outcome::succeeded) << attempt.result().error;
  EXPECT_EQ(attempt.delta("big"), "\"" + big + "\"");
}

TEST_F(ProgramTool, WhatItLogsBecomesActivityAndTheEndIsKept) {
  const Attempt& attempt = call_script("echo one >&2; echo two >&2; echo '{}'");
  EXPECT_THAT(attempt.activities, testing::ElementsAre("one", "two"));
  EXPECT_EQ(attempt.result().output, "one\ntwo\n");
}

TEST_F(ProgramTool, OnlyTheFirstThousandLogLinesBecomeActivity) {
  const Attempt& attempt = call_script("seq 5000 >&2; echo '{}'");
  EXPECT_EQ(attempt.activities.size(), 1001U);
  EXPECT_EQ(attempt.activities.back(), "(it prints more than 1000 lines; the rest is left out)");
  EXPECT_THAT(attempt.result().output, testing::EndsWith("4999\n5000\n"));
  EXPECT_LE(attempt.result().output.size(), 4096U);
}

using Misbehaviour = std::tuple<const char*, const char*>;
class ProgramToolOutput : public ProgramTool, public testing::WithParamInterface<Misbehaviour> {};

TEST_P(ProgramToolOutput, FailsWithAClearError) {
  const auto& [body, error] = GetParam();
  const AttemptReport& report = call_script(body).result();
  EXPECT_EQ(report.outcome, ledger::Outcome::failed);
  EXPECT_THAT(report.error, testing::HasSubstr(error));
  EXPECT_TRUE(report.state_delta.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Junk, ProgramToolOutput,
    testing::Values(Misbehaviour{"echo 'loading...'; echo '{}'", "not one JSON object: found `loading...` at line 1"},
                    Misbehaviour{"echo 'loading...'; echo '{}'", "print logs to standard error"},
                    Misbehaviour{"echo '{}'; echo done", "found `done` at line 2"},
                    Misbehaviour{"echo '{}{}'", "found `{}{}` at line 1"},
                    Misbehaviour{"echo '{\"a\": 1,'", "not one JSON object"},
                    Misbehaviour{"true", "standard output is empty"}, Misbehaviour{"echo '[]'", "it is a JSON array"},
                    Misbehaviour{"echo 42", "it is a JSON number"},
                    Misbehaviour{"printf '{\"a\":\"\\377\"}'", "not one JSON object"},
                    Misbehaviour{"echo '{\"state_delta\":[1]}'", "state_delta has to be an object"},
                    Misbehaviour{"echo '{}'; echo first >&2; echo 'no such file' >&2; exit 3",
                                 "exit status 3: no such file"},
                    Misbehaviour{"echo '{}'; kill -SEGV $$", "signal 11 (SIGSEGV)"}));

TEST_F(ProgramTool, ReportsExitCodeSignalAndOutput) {
  const AttemptReport& failed = call_script("echo so far; exit 7").result();
  EXPECT_EQ(failed.exit_code, 7);
  EXPECT_EQ(failed.output, "so far\n");
  const AttemptReport& killed = call_script("kill -TERM $$").result();
  EXPECT_EQ(killed.signal, SIGTERM);
}

TEST_F(ProgramTool, SaysWhatIsMissingAndWhatToType) {
  EXPECT_THAT(call("tools/none.py").result().error,
              testing::AllOf(testing::HasSubstr("'tools/none.py'"),
                             testing::HasSubstr((directory.path() / "tools/none.py").string())));
  write("plain.py", "print('{}')\n");
  EXPECT_THAT(call("plain.py").result().error, testing::HasSubstr("chmod +x"));
  write("broken", "#!/no/such/interpreter\n", true);
  EXPECT_THAT(call("broken").result().error, testing::HasSubstr("first line"));
  std::filesystem::create_directory(directory.path() / "folder");
  EXPECT_THAT(call("folder").result().error, testing::HasSubstr("no tool file 'folder'"));
}

TEST_F(ProgramTool, AnAbsolutePathAndAPathWithSpacesWork) {
  const auto path = write("my tools/größe", "#!/bin/sh\necho '{}'\n", true);
  EXPECT_EQ(call("my tools/größe").result().outcome, ledger::Outcome::succeeded);
  EXPECT_EQ(call(path.string()).result().outcome, ledger::Outcome::succeeded);
}

TEST_F(ProgramTool, IsEndedWhenItPrintsWithoutEnd) {
  const AttemptReport& report = call_script("head -c 200000000 /dev/zero").result();
  EXPECT_EQ(report.outcome, ledger::Outcome::failed);
  EXPECT_THAT(report.error, testing::HasSubstr("printed more than 64 MiB"));
}

TEST_F(ProgramTool, ATimeoutEndsTheWholeTree) {
  write("tool", "#!/bin/sh\nsetsid sh -c 'trap \"\" TERM; sleep 60' & sleep 60\n", true);
  Attempt& attempt = prepare_tool("tool");
  attempt.spec.timeout = std::chrono::milliseconds(100);
  const AttemptReport& report = run(attempt);
  EXPECT_EQ(report.outcome, ledger::Outcome::timed_out);
  EXPECT_THAT(report.error, testing::HasSubstr("timeout of 100 ms"));
}

TEST_F(ProgramTool, ACancelEndsItAndLeavesOthersAlone) {
  write("slow", "#!/bin/sh\nsleep 60\n", true);
  write("quick", "#!/bin/sh\nsleep 0.2; echo '{}'\n", true);
  Attempt& slow = prepare_tool("slow");
  Attempt& quick = prepare_tool("quick");
  start(slow);
  start(quick);
  executor->cancel(slow.handle);
  EXPECT_FALSE(slow.report);
  finish();
  EXPECT_EQ(slow.result().outcome, ledger::Outcome::cancelled);
  EXPECT_EQ(quick.result().outcome, ledger::Outcome::succeeded);
}

TEST_F(ProgramTool, ADaemonThatKeepsThePipeOpenDoesNotHoldTheRun) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(call_script("sleep 60 & echo '{}'").result().outcome, ledger::Outcome::succeeded);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST_F(ProgramTool, AnExecutorThatDiesTakesItsProcessesAlong) {
  write("slow", "#!/bin/sh\nsleep 60\n", true);
  Attempt& slow = prepare_tool("slow");
  start(slow);
  executor.reset();
  EXPECT_FALSE(slow.report);
}

}  // namespace
}  // namespace oe::exec
