#include <csignal>
#include <tuple>

#include "attempts.hpp"

namespace oe::exec {
namespace {

class ModuleTool : public AttemptsTest {
 protected:
  void SetUp() override { executor = make_tool_executor({loop, processes}); }

  Attempt& prepare_module(const std::string& name, const std::string& source, std::string_view input = "{}") {
    write(name, source);
    return prepare_tool(name, input);
  }
  Attempt& call_module(const std::string& source, std::string_view input = "{}") {
    write("tool.mjs", source);
    return call("tool.mjs", input);
  }
};

TEST_F(ModuleTool, TakesOneObjectAndGivesOne) {
  Attempt& attempt = call_module(
      R"(export default async function (input, ...more) {
           return { state_delta: { sum: input.a + input._state.b, more: more.length, keys: Object.keys(input) },
                    edge_output: input._edge_inputs, metrics: { rows: 1 }, other: 1 };
         })",
      R"({"a":1,"$item":{"k":1},"$index":0,"_state":{"b":2},"_edge_inputs":{"p":[7]}})");
  const AttemptReport& report = attempt.result();
  ASSERT_EQ(report.outcome, ledger::Outcome::succeeded) << report.error;
  EXPECT_EQ(attempt.delta("sum"), "3");
  EXPECT_EQ(attempt.delta("more"), "0");
  EXPECT_EQ(attempt.delta("keys"), R"(["$index","$item","_edge_inputs","_state","a"])");
  EXPECT_EQ(report.edge_output->dump(), R"({"p":[7]})");
  EXPECT_EQ(report.metrics->dump(), R"({"rows":1})");
  EXPECT_GT(report.duration.count(), 0);
  EXPECT_FALSE(report.exit_code);
}

TEST_F(ModuleTool, MayBeSynchronousAndCommonJs) {
  write("tool.cjs", "module.exports = ({a}) => ({ state_delta: { a } });");
  EXPECT_EQ(call("tool.cjs", R"({"a":[1]})").delta("a"), "[1]");
  write("tool.js", "module.exports = ({a}) => ({ state_delta: { a } });");
  EXPECT_EQ(call("tool.js", R"({"a":2})").delta("a"), "2");
}

TEST_F(ModuleTool, AnArrayIsAnObjectThatGivesNothing) {
  const AttemptReport& report = call_module("export default () => [1, 2];").result();
  EXPECT_EQ(report.outcome, ledger::Outcome::succeeded);
  EXPECT_TRUE(report.state_delta.empty());
}

TEST_F(ModuleTool, UndefinedMembersAreDroppedAndDatesBecomeText) {
  Attempt& attempt = call_module(
      "export default () => ({ state_delta: { gone: undefined, d: new Date(0), list: [undefined], n: null } });");
  EXPECT_EQ(attempt.delta("gone"), "(nothing)");
  EXPECT_EQ(attempt.delta("d"), R"("1970-01-01T00:00:00.000Z")");
  EXPECT_EQ(attempt.delta("list"), "[null]");
  EXPECT_EQ(attempt.delta("n"), "null");
}

TEST_F(ModuleTool, WhatIsNotTakenMayBeAnything) {
  EXPECT_EQ(call_module("export default () => ({ debug: NaN, big: 1n });").result().outcome,
            ledger::Outcome::succeeded);
}

TEST_F(ModuleTool, ImportsFromWhereTheToolIs) {
  write("tools/node_modules/greet/package.json", R"({"name":"greet","type":"module","main":"index.js"})");
  write("tools/node_modules/greet/index.js", "export const greet = (name) => `hello ${name}`;");
  write("tools/lib.mjs", "export { greet } from 'greet';");
  write("tools/tool.mjs",
        "import { greet } from './lib.mjs'; export default () => ({ state_delta: { g: greet('x') } });");
  EXPECT_EQ(call("tools/tool.mjs").delta("g"), R"("hello x")");
}

TEST_F(ModuleTool, AnyPathWorks) {
  const auto path = write("größe & #1 100%/my tool.mjs", "export default () => ({ state_delta: { ok: true } });");
  EXPECT_EQ(call("größe & #1 100%/my tool.mjs").delta("ok"), "true");
  EXPECT_EQ(call(path.string()).delta("ok"), "true");
}

TEST_F(ModuleTool, StartsInTheDirectoryOfTheWorkflow) {
  EXPECT_EQ(call_module("export default () => ({ state_delta: { d: process.cwd() } });").delta("d"),
            Value::of(directory.path().string()).dump());
}

TEST_F(ModuleTool, OneWorkerServesAllCalls) {
  const std::string pid = call_module("export default () => ({ state_delta: { pid: process.pid } });").delta("pid");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(call("tool.mjs").delta("pid"), pid);
}

// Far from what a process for each call would take (40 s); the figure itself belongs to tests/bench.
TEST_F(ModuleTool, AThousandCallsCostLittle) {
  call_module("export default ({n}) => ({ state_delta: { n } });", R"({"n":0})");
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 1; i <= 1000; ++i) {
    ASSERT_EQ(call("tool.mjs", R"({"n":)" + std::to_string(i) + "}").delta("n"), std::to_string(i));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
}

TEST_F(ModuleTool, CallsRunConcurrentlyInOneWorker) {
  write("meet.mjs", R"(let meet, here = 0;
    const both = new Promise((resolve) => { meet = resolve; });
    export default async ({name}) => {
      if (++here === 2) meet();
      await both;
      return { state_delta: { name, pid: process.pid } };
    })");
  Attempt& one = prepare_tool("meet.mjs", R"({"name":1})");
  Attempt& two = prepare_tool("meet.mjs", R"({"name":2})");
  start(one);
  start(two);
  finish();
  EXPECT_EQ(one.delta("name"), "1");
  EXPECT_EQ(two.delta("name"), "2");
  EXPECT_EQ(one.delta("pid"), two.delta("pid"));
}

TEST_F(ModuleTool, PassesFiveMegabytesBothWays) {
  const std::string big(5'000'000, 'x');
  Attempt& attempt = call_module("export default ({big}) => ({ state_delta: { big, rows: Array(1e5).fill({a: 1}) } });",
                                 R"({"big":")" + big + "\"}");
  ASSERT_EQ(attempt.result().outcome, ledger::Outcome::succeeded) << attempt.result().error;
  EXPECT_EQ(attempt.delta("big"), "\"" + big + "\"");
}

// The worker reads into one buffer again and again: requests that end in the middle of it must not mix.
TEST_F(ModuleTool, RequestsThatArriveTogetherAreToldApart) {
  write("tool.mjs", "export default ({text}) => ({ state_delta: { text } });");
  std::vector<std::string> texts;
  for (const std::size_t size : {50'000U, 3U, 70'001U, 200'003U, 1U}) {
    std::string text = "x";
    for (std::size_t i = 0; i < size; ++i) text += "\u00e4";
    texts.push_back("\"" + text + "\"");
  }
  std::vector<Attempt*> calls;
  for (const std::string& text : texts) calls.push_back(&prepare_tool("tool.mjs", "{\"text\":" + text + "}"));
  for (Attempt* attempt : calls) start(*attempt);
  finish();
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(calls[i]->delta("text"), texts[i]) << i;
}

TEST_F(ModuleTool, TextOfEveryKindSurvives) {
  const std::string input = R"({"t":"line\nline \u2028 \ud83d\ude00 \u0000 \" \\ größe"})";
  EXPECT_EQ(call_module("export default ({t}) => ({ state_delta: { t } });", input).delta("t"),
            Value::parse(input)->get("t").dump());
}

using Misbehaviour = std::tuple<const char*, const char*>;
class ModuleToolFailure : public ModuleTool, public testing::WithParamInterface<Misbehaviour> {};

TEST_P(ModuleToolFailure, IsAClearErrorAndTheNextCallSucceeds) {
  const auto& [source, error] = GetParam();
  const AttemptReport& report = call_module(source).result();
  EXPECT_EQ(report.outcome, ledger::Outcome::failed);
  EXPECT_THAT(report.error, testing::HasSubstr(error));
  EXPECT_TRUE(report.state_delta.empty());
  EXPECT_EQ(run(prepare_module("good.mjs", "export default () => ({});")).outcome, ledger::Outcome::succeeded);
}

INSTANTIATE_TEST_SUITE_P(
    Result, ModuleToolFailure,
    testing::Values(
        Misbehaviour{"export default () => {};", "returned undefined"},
        Misbehaviour{"export default () => null;", "returned null"},
        Misbehaviour{"export default () => 'done';", R"(returned the string "done")"},
        Misbehaviour{"export default () => () => 1;", "returned a function"},
        Misbehaviour{"export default () => ({state_delta: {a: {b: [1, NaN]}}});", "state_delta.a.b[1] is NaN"},
        Misbehaviour{"export default () => ({edge_output: -Infinity});", "edge_output is -Infinity"},
        Misbehaviour{"export default () => ({metrics: {n: 1n}});", "metrics.n is a BigInt"},
        Misbehaviour{"export default () => { const a = {}; a.self = a; return {state_delta: {a}}; };",
                     "state_delta.a.self contains itself"},
        Misbehaviour{
            "export default () => { let a = {}; for (let i = 0; i < 1e5; i++) a = {a}; return {state_delta: a}; };",
            "is nested deeper than 100"},
        Misbehaviour{"export default () => ({state_delta: {a: {toJSON() { return this; }, x: NaN}}});",
                     "state_delta.a.x is NaN"},
        Misbehaviour{"export default () => ({state_delta: {get a() { throw new Error('trap'); }}});", "trap"},
        Misbehaviour{"export default () => ({state_delta: 7});", "state_delta has to be an object"},
        Misbehaviour{"export default () => ({state_delta: {x: 'x'.repeat(70 << 20)}});",
                     "over the limit of 67108864"}));

INSTANTIATE_TEST_SUITE_P(
    Throw, ModuleToolFailure,
    testing::Values(Misbehaviour{"export default () => {\n  throw new TypeError('boom');\n};", "TypeError: boom (at "},
                    Misbehaviour{"export default () => {\n  throw new TypeError('boom');\n};", "tool.mjs:2:9)"},
                    Misbehaviour{"export default async () => {\n  JSON.parse('{oops');\n};", "tool.mjs:2:8)"},
                    Misbehaviour{"export default () => Promise.reject(new Error('no', {cause: new Error('why')}));",
                                 "Error: no: why"},
                    Misbehaviour{"export default () => { throw 'plain'; };", "the tool threw 'plain'"},
                    Misbehaviour{"export default () => { throw undefined; };", "the tool threw undefined"},
                    Misbehaviour{"export default () => { throw {code: 7}; };", "the tool threw { code: 7 }"},
                    Misbehaviour{
                        "export default () => new Promise(() => setTimeout(() => { throw new Error('late'); }, 5));",
                        "Error: late"},
                    Misbehaviour{"export default () => new Promise(() => { void Promise.reject(new Error('lost')); });",
                                 "Error: lost"}));

INSTANTIATE_TEST_SUITE_P(
    Import, ModuleToolFailure,
    testing::Values(Misbehaviour{"export const a = 1;", "has no default export"},
                    Misbehaviour{"export default {};", "is an object and not a function"},
                    Misbehaviour{"export default () => {\n  return {;\n};", "tool.mjs:2)"},
                    Misbehaviour{"import { nothing } from 'node:fs';\nexport default () => ({});", "'nothing' (at "},
                    Misbehaviour{"import 'no-such-package';\nexport default () => ({});", "'no-such-package'"},
                    Misbehaviour{"throw new Error('at import');", "Error: at import (at "}));

INSTANTIATE_TEST_SUITE_P(
    Death, ModuleToolFailure,
    testing::Values(Misbehaviour{"export default () => process.exit(3);", "the worker ended with exit status 3"},
                    Misbehaviour{"export default async () => { await 0; process.exit(0); };",
                                 "the worker ended with exit status 0"},
                    Misbehaviour{"export default () => process.abort();", "signal 6 (SIGABRT)"},
                    Misbehaviour{"export default () => process.kill(process.pid, 'SIGKILL');", "signal 9 (SIGKILL)"}));

TEST_F(ModuleTool, AJsFileThatNodeTakesForCommonJsIsExplained) {
  write("tool.js", "import 'node:fs';\nexport default () => ({});");
  const AttemptReport& report = call("tool.js").result();
  const bool found_out = report.outcome == ledger::Outcome::succeeded;  // node 22 and late 20 look into the file
  EXPECT_TRUE(found_out || report.error.find("name it .mjs") != std::string::npos) << report.error;
}

TEST_F(ModuleTool, RunningOutOfMemoryIsNamed) {
  ::setenv("NODE_OPTIONS", "--max-old-space-size=30", 1);
  const AttemptReport& report =
      call_module("export default () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };").result();
  ::unsetenv("NODE_OPTIONS");
  EXPECT_THAT(report.error, testing::HasSubstr("heap out of memory"));
}

TEST_F(ModuleTool, AMissingFileIsNamedAsWrittenAndInFull) {
  EXPECT_THAT(call("tools/none.mjs").result().error,
              testing::AllOf(testing::HasSubstr("'tools/none.mjs'"),
                             testing::HasSubstr((directory.path() / "tools/none.mjs").string())));
}

TEST_F(ModuleTool, AMissingNodeIsNamedWithTheCommandThatInstallsIt) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", directory.path().c_str(), 1);
  const std::string error = call_module("export default () => ({});").result().error;
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(error, testing::AllOf(testing::HasSubstr("ES module needs the program 'node'"),
                                    testing::HasSubstr("apt-get install nodejs")));
}

TEST_F(ModuleTool, ANodeThatCannotStartFailsTheCallsAndSaysWhy) {
  write("bin/node", "#!/bin/sh\necho 'bad option' >&2; exit 9\n", true);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", ((directory.path() / "bin").string() + ":" + path).c_str(), 1);
  Attempt& one = prepare_module("tool.mjs", "export default () => ({});");
  Attempt& two = prepare_tool("tool.mjs");
  start(one);
  start(two);
  finish();
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(one.result().error, testing::HasSubstr("exit status 9: bad option"));
  EXPECT_THAT(two.result().error, testing::HasSubstr("exit status 9: bad option"));
}

TEST_F(ModuleTool, PrintsBecomeActivityOfTheirOwnCall) {
  const std::string source = R"(export default async ({name}) => {
    console.log('start', name);
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.error(`${name} one\n${name} two`);
    process.stdout.write(`end ${name}`);
    return {};
  })";
  Attempt& a = prepare_module("tool.mjs", source, R"({"name":"a"})");
  Attempt& b = prepare_tool("tool.mjs", R"({"name":"b"})");
  start(a);
  start(b);
  finish();
  EXPECT_THAT(a.activities, testing::ElementsAre("start a", "a one", "a two", "end a"));
  EXPECT_THAT(b.activities, testing::ElementsAre("start b", "b one", "b two", "end b"));
  EXPECT_EQ(b.result().output, "start b\nb one\nb two\nend b\n");
}

TEST_F(ModuleTool, WhatASynchronousToolLeavesToAMicrotaskIsOfItsCall) {
  const Attempt& attempt = call_module(R"(export default () => {
    queueMicrotask(() => console.log('one'));
    Promise.resolve().then(() => console.log('two'));
    return {};
  })");
  EXPECT_THAT(attempt.activities, testing::ElementsAre("one", "two"));
}

TEST_F(ModuleTool, WhatAChildPrintsToStandardErrorGoesToTheOnlyCall) {
  const Attempt& attempt = call_module(R"(import { spawnSync } from 'node:child_process';
    export default async () => {
      spawnSync('sh', ['-c', 'echo from the child >&2'], { stdio: 'inherit' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      return {};
    })");
  EXPECT_THAT(attempt.activities, testing::ElementsAre("from the child"));
}

TEST_F(ModuleTool, IsEndedWhenItPrintsWithoutEnd) {
  const AttemptReport& report =
      call_module("const line = 'x'.repeat(1e5); export default () => { for (;;) console.log(line); };").result();
  EXPECT_EQ(report.outcome, ledger::Outcome::failed);
  EXPECT_THAT(report.error, testing::HasSubstr("printed more than 16 MiB"));
}

TEST_F(ModuleTool, IsEndedWhenItPrintsOneEndlessLine) {
  const AttemptReport& report =
      call_module("export default () => { console.log('x'.repeat(2e8)); return {}; };").result();
  EXPECT_EQ(report.outcome, ledger::Outcome::failed);
  EXPECT_THAT(report.error, testing::HasSubstr("printed more than 16 MiB"));
}

TEST_F(ModuleTool, HalfASurrogatePairBecomesTheReplacementCharacter) {
  Attempt& attempt = call_module(R"(export default () => {
      console.log('half: \ud83d');
      return { state_delta: { half: '<\ud83d>', whole: '\u{1f600}', text: '\\ud83d' } };
    })");
  ASSERT_EQ(attempt.result().outcome, ledger::Outcome::succeeded) << attempt.result().error;
  EXPECT_EQ(attempt.delta("half"), "\"<\xEF\xBF\xBD>\"");
  EXPECT_EQ(attempt.delta("whole"), "\"\xF0\x9F\x98\x80\"");
  EXPECT_EQ(attempt.delta("text"), R"("\\ud83d")");
  EXPECT_EQ(attempt.result().output, "half: \xEF\xBF\xBD\n");
}

TEST_F(ModuleTool, CannotForgeOrDisturbTheConversation) {
  Attempt& attempt = call_module(R"(import { writeSync } from 'node:fs';
    export default async () => {
      writeSync(3, 'garbage\n{"id":999,"value":{}}\n{"id":1}\n[]\n{"hello":1}\n');
      for await (const chunk of process.stdin) throw new Error('read ' + chunk);
      return { state_delta: { ok: true } };
    })");
  EXPECT_EQ(attempt.delta("ok"), "true") << attempt.result().error;
}

}  // namespace
}  // namespace oe::exec
