#include "attempts.hpp"

namespace oe::exec {
namespace {

/// What an attempt sees in its environment, whatever carries it out.
class AttemptEnvironment : public AttemptsTest {
 protected:
  void identify(Attempt& attempt, std::uint64_t index) {
    attempt.spec.index = index;
    attempt.spec.attempt = 2;
    attempt.spec.scope = {3, 0};
    attempt.spec.idempotency_key = "r-1/n/3/0/" + std::to_string(index);
    attempt.spec.environment = &changes;
  }

  EnvironmentChanges changes{{"OE_TEST_GRANTED", "yes"}, {"OE_TEST_TAKEN", std::nullopt}};
};

constexpr const char* kScript =
    "#!/bin/sh\nprintf '{\"state_delta\":{\"all\":\"%s\"}}' "
    "\"$OE_RUN_ID $OE_NODE_ID $OE_ATTEMPT $OE_ITEM_INDEX $OE_SCOPE $OE_IDEMPOTENCY_KEY "
    "$OE_TEST_GRANTED ${OE_TEST_TAKEN-gone}\"\n";
constexpr const char* kModule = R"js(import { execSync } from 'node:child_process';
export default async () => {
  await new Promise((go) => setTimeout(go, 20));
  const e = process.env;
  const all = [e.OE_RUN_ID, e.OE_NODE_ID, e.OE_ATTEMPT, e.OE_ITEM_INDEX, e.OE_SCOPE, e.OE_IDEMPOTENCY_KEY,
               e.OE_TEST_GRANTED, e.OE_TEST_TAKEN ?? 'gone'].join(' ');
  return { state_delta: { all, child: execSync('echo $OE_ITEM_INDEX').toString(), has: 'OE_SCOPE' in e,
                          listed: Object.keys(e).includes('OE_SCOPE') } };
};)js";

TEST_F(AttemptEnvironment, IsTheSameForProgramsAndForModulesThatShareAWorker) {
  ::setenv("OE_TEST_TAKEN", "secret", 1);
  executor = make_tool_executor({loop, processes});
  write("tool.sh", kScript, true);
  write("tool.mjs", kModule);
  Attempt& program = prepare_tool("tool.sh");
  identify(program, 7);
  std::vector<Attempt*> modules{&prepare_tool("tool.mjs"), &prepare_tool("tool.mjs")};
  for (std::uint64_t i = 0; i < 2; ++i) identify(*modules[i], i);
  start(program);
  for (Attempt* attempt : modules) start(*attempt);
  finish();
  ::unsetenv("OE_TEST_TAKEN");
  EXPECT_EQ(program.delta("all"), "\"r-1 n 2 7 3/0 r-1/n/3/0/7 yes gone\"") << program.result().error;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string index = std::to_string(i);
    EXPECT_EQ(modules[i]->delta("all"), "\"r-1 n 2 " + index + " 3/0 r-1/n/3/0/" + index + " yes gone\"");
    EXPECT_EQ(modules[i]->delta("child"), "\"" + index + "\\n\"");
    EXPECT_EQ(modules[i]->delta("has") + modules[i]->delta("listed"), "truetrue");
  }
}

TEST_F(AttemptEnvironment, ANodeWithoutTheGrantNeverRunsInAProcessThatHasIt) {
  executor = make_tool_executor({loop, processes});
  write("tool.mjs",
        "export default () => ({ state_delta: { pid: process.pid, secret: process.env.OE_TEST_GRANTED ?? null } });");
  Attempt& with = prepare_tool("tool.mjs");
  Attempt& without = prepare_tool("tool.mjs");
  Attempt& again = prepare_tool("tool.mjs");
  with.spec.environment = again.spec.environment = &changes;
  for (Attempt* attempt : {&with, &without, &again}) start(*attempt);
  finish();
  EXPECT_EQ(with.delta("secret"), "\"yes\"");
  EXPECT_EQ(without.delta("secret"), "null");
  EXPECT_NE(with.delta("pid"), without.delta("pid"));
  EXPECT_EQ(with.delta("pid"), again.delta("pid"));
}

}  // namespace
}  // namespace oe::exec
