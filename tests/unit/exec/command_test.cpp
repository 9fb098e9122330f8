#include <csignal>
#include <nlohmann/json.hpp>

#include "attempts.hpp"

namespace oe::exec {
namespace {

using graph::CaptureAs;
using ledger::Outcome;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class CommandExecutorTest : public AttemptsTest {
 protected:
  void SetUp() override { executor = make_command_executor({loop, processes}); }

  Attempt& prepare_command(graph::Command command, std::string_view input = "{}",
                           std::vector<std::string> writes = {"f"}) {
    Attempt& attempt = prepare(std::move(command), input);
    attempt.node.writes = std::move(writes);
    return attempt;
  }
  Attempt& run_command(graph::Command command, std::string_view input = "{}", std::vector<std::string> writes = {"f"}) {
    Attempt& attempt = prepare_command(std::move(command), input, std::move(writes));
    run(attempt);
    return attempt;
  }
  /// What a shell line prints, as JSON text, or why it failed.
  std::string shell(const std::string& line, std::string_view input = "{}", CaptureAs as = CaptureAs::text) {
    const Attempt& attempt = run_command({.run = line, .output = as}, input);
    return attempt.result().error.empty() ? attempt.delta("f") : attempt.result().error;
  }
  std::string list(std::vector<std::string> argv, std::string_view input = "{}") {
    const Attempt& attempt = run_command({.run = std::move(argv)}, input);
    return attempt.result().error.empty() ? attempt.delta("f") : attempt.result().error;
  }
};

TEST_F(CommandExecutorTest, RunsAShellLineInTheWorkflowsDirectory) {
  write("data.txt", "one\ntwo\n");
  EXPECT_EQ(shell("wc -l < data.txt && basename \"$PWD\" | cut -c1-7"), R"("2\noe-exec")");
}

TEST_F(CommandExecutorTest, RunsAnArgumentListWithoutAShell) {
  EXPECT_EQ(list({"printf", "%s|", "$HOME", "a  b", ";", ""}), R"("$HOME|a  b|;||")");
}

TEST_F(CommandExecutorTest, ReportsExitCodeDurationAndWhatWasPrinted) {
  const AttemptReport& report = run_command({.run = "echo out; echo note >&2"}).result();
  EXPECT_EQ(report.outcome, Outcome::succeeded);
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_GT(report.duration.count(), 0);
  EXPECT_EQ(report.output, "note\n");
  EXPECT_EQ(run_command({.run = "echo out"}).result().output, "out\n");
}

TEST_F(CommandExecutorTest, KeepsTheLastFourKibibytesOfWhatWasPrinted) {
  const AttemptReport& report = run_command({.run = "seq 1 5000 >&2"}).result();
  EXPECT_LE(report.output.size(), 4096u);
  EXPECT_TRUE(report.output.ends_with("4999\n5000\n"));
}

TEST_F(CommandExecutorTest, HandsErrorLinesOnAsActivities) {
  EXPECT_THAT(run_command({.run = "echo one >&2; echo no; echo two >&2"}).activities, ElementsAre("one", "two"));
}

TEST_F(CommandExecutorTest, SaysWhichCallItIs) {
  Attempt& attempt = prepare_command({.run = "echo $OE_RUN_ID $OE_NODE_ID $OE_ATTEMPT ${OE_ITEM_INDEX-none}"});
  attempt.spec.attempt = 3;
  run(attempt);
  EXPECT_EQ(attempt.delta("f"), R"("r-1 n 3 none")");
  Attempt& item = prepare_command({.run = "echo $OE_ITEM_INDEX"});
  item.spec.index = 0;
  run(item);
  EXPECT_EQ(item.delta("f"), R"("0")");
}

// --- values ---

TEST_F(CommandExecutorTest, LooksNamesUpInArgsThenStateThenPredecessors) {
  const std::string_view input =
      R"({"a":"args","_state":{"a":"state","b":"state"},"_edge_inputs":{"a":1,"b":2,"c":{"deep":[7,8]}}})";
  EXPECT_EQ(shell("echo {{a}} {{b}} {{c.deep.1}}", input), R"("args state 8")");
}

TEST_F(CommandExecutorTest, KnowsItemAndIndex) {
  const std::string_view input = R"({"$item":{"name":"x y","size":2},"$index":4})";
  EXPECT_EQ(shell("echo {{$item.name}} {{$index}} {{ $item.size }}", input), R"("x y 4 2")");
  EXPECT_EQ(list({"echo", "{{$item}}"}, input), R"("{\"name\":\"x y\",\"size\":2}")");
}

TEST_F(CommandExecutorTest, NeverLetsAValueBecomeShellCode) {
  const std::string trap = "$(touch hacked)`touch hacked`; touch hacked\n'\"\\ *  x";
  const std::string input = nlohmann::json{{"v", trap}}.dump();
  const std::string quoted = nlohmann::json(trap).dump();
  for (const char* line :
       {"printf %s {{v}}", "printf %s \"{{v}}\"", "printf %s '{{v}}'", "printf %s \"$(printf %s \"{{v}}\")\"",
        "x={{v}}; printf %s \"$x\"", "printf '%s' \\\n{{v}} # don't {{v}}"})
    EXPECT_EQ(shell(line, input), quoted) << line;
  for (const char* line : {"cat <<EOF\n{{v}}\nEOF", "echo `echo {{v}}`", "cat <<'EOF'\n{{v}}\nEOF"}) shell(line, input);
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "hacked"));
}

TEST_F(CommandExecutorTest, PutsValuesIntoTheWordsAroundThem) {
  const std::string_view input = R"({"name":"a b","n":3})";
  EXPECT_EQ(shell("printf '%s|' pre-{{name}}.txt \"in {{name}} {{n}}\" 'single {{name}}'", input),
            R"("pre-a b.txt|in a b 3|single a b|")");
}

TEST_F(CommandExecutorTest, PutsValuesIntoArgumentsRaw) {
  EXPECT_EQ(list({"printf", "%s|", "--name={{name}}", "{{list}}"}, R"({"name":"it's $x","list":[1,"a"]})"),
            R"("--name=it's $x|[1,\"a\"]|")");
}

TEST_F(CommandExecutorTest, DoesNotReadPlaceholdersInValues) {
  EXPECT_EQ(shell("echo {{a}}", R"({"a":"{{b}}","b":"no"})"), R"("{{b}}")");
  EXPECT_EQ(list({"echo", "{{a}}"}, R"({"a":"{{b}}","b":"no"})"), R"("{{b}}")");
}

TEST_F(CommandExecutorTest, LeavesBracesAloneThatAreNoPlaceholders) {
  EXPECT_EQ(shell("echo '{{.Names}}' '{{' '{{a b}}'"), R"("{{.Names}} {{ {{a b}}")");
}

TEST_F(CommandExecutorTest, NamesAPlaceholderWithoutAValue) {
  const AttemptReport& report =
      run_command({.run = "touch started; echo {{ file.name }}"}, R"({"_state":{"files":[]}})").result();
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_THAT(report.error, StartsWith("{{ file.name }} has no value here"));
  EXPECT_THAT(report.error, HasSubstr("did you mean 'files'?"));
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "started"));
  EXPECT_THAT(list({"echo", "{{gone}}"}), HasSubstr("give 'gone' in args"));
  EXPECT_THAT(shell("echo {{a.b}}", R"({"a":{}})"), StartsWith("{{a.b}} has no value here"));
}

TEST_F(CommandExecutorTest, RefusesAValueWithANulByte) {
  EXPECT_THAT(shell("echo {{v}}", R"({"v":"a\u0000b"})"), StartsWith("the value of {{v}} holds a NUL byte"));
}

TEST_F(CommandExecutorTest, SaysWhatToDoWithAValueThatIsTooLarge) {
  const std::string input = nlohmann::json{{"v", std::string(200'000, 'x')}}.dump();
  EXPECT_THAT(shell("echo {{v}}", input), HasSubstr("too long"));
}

// --- output ---

TEST_F(CommandExecutorTest, TakesOneNewlineOffATextAndNoMore) {
  EXPECT_EQ(shell("printf 'a\\n\\n'"), R"("a\n")");
  EXPECT_EQ(shell("printf ' a '"), R"(" a ")");
  EXPECT_EQ(shell("true"), R"("")");
}

TEST_F(CommandExecutorTest, MakesAListOfLines) {
  EXPECT_EQ(shell("printf 'a\\n\\nb\\n'", "{}", CaptureAs::lines), R"(["a","","b"])");
  EXPECT_EQ(shell("printf 'a\\nb'", "{}", CaptureAs::lines), R"(["a","b"])");
  EXPECT_EQ(shell("true", "{}", CaptureAs::lines), "[]");
}

TEST_F(CommandExecutorTest, ReadsJson) {
  EXPECT_EQ(shell(R"(echo ' {"b": [1, 2.5, null], "a": "ü"} ')", "{}", CaptureAs::json),
            R"({"a":"ü","b":[1,2.5,null]})");
}

TEST_F(CommandExecutorTest, ShowsWhereOutputIsNotJson) {
  const AttemptReport& report =
      run_command({.run = R"(printf 'loading...\n{"a": 1}')", .output = CaptureAs::json}).result();
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_THAT(report.error, StartsWith("standard output is not JSON at 1:1"));
  EXPECT_THAT(report.error, HasSubstr("it begins with `loading..."));
  EXPECT_THAT(shell("echo '{\"a\": 1,'; echo '  ]'", "{}", CaptureAs::json), HasSubstr("JSON at 2:3"));
  EXPECT_THAT(shell("true", "{}", CaptureAs::json), HasSubstr("it is empty"));
}

TEST_F(CommandExecutorTest, RefusesTextThatIsNotUtf8) {
  EXPECT_THAT(shell("printf 'ab\\377'"), StartsWith("standard output is not UTF-8 text: byte 3 is 0xff"));
}

TEST_F(CommandExecutorTest, SpreadsAnObjectOverTheFieldsThatItWrites) {
  const Attempt& attempt =
      run_command({.run = R"(echo '{"a": 1, "b": [2]}')", .output = CaptureAs::json}, "{}", {"b", "a", "c"});
  EXPECT_EQ(attempt.delta("a"), "1");
  EXPECT_EQ(attempt.delta("b"), "[2]");
  EXPECT_EQ(attempt.delta("c"), "(nothing)");
}

TEST_F(CommandExecutorTest, RefusesKeysThatTheNodeDoesNotWrite) {
  const graph::Command command{.run = R"(echo '{"summary": 1, "totals": 2}')", .output = CaptureAs::json};
  const AttemptReport& report = run_command(command, "{}", {"summary", "total"}).result();
  EXPECT_THAT(report.error, HasSubstr("the key 'totals', which the node does not write"));
  EXPECT_THAT(report.error, HasSubstr("did you mean 'total'?"));
  EXPECT_TRUE(report.state_delta.empty());
}

TEST_F(CommandExecutorTest, NeedsAnObjectForSeveralFields) {
  EXPECT_THAT(run_command({.run = "echo '[1]'", .output = CaptureAs::json}, "{}", {"a", "b"}).result().error,
              HasSubstr("a JSON object with the keys a, b; it is of type array"));
  EXPECT_THAT(run_command({.run = "echo x"}, "{}", {"a", "b"}).result().error, HasSubstr("output: json"));
}

TEST_F(CommandExecutorTest, WritesNothingWhenItWritesNoField) {
  const Attempt& attempt = run_command({.run = "printf 'not json \\377'", .output = CaptureAs::json}, "{}", {});
  EXPECT_EQ(attempt.result().outcome, Outcome::succeeded);
  EXPECT_TRUE(attempt.result().state_delta.empty());
}

// --- ends ---

TEST_F(CommandExecutorTest, FailsByExitStatusWithTheLastLineOfStandardError) {
  const AttemptReport& report =
      run_command({.run = "echo value; echo first >&2; echo 'no such release' >&2; exit 3"}).result();
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_EQ(report.error, "exit status 3: no such release");
  EXPECT_EQ(report.exit_code, 3);
  EXPECT_TRUE(report.state_delta.empty());
  EXPECT_EQ(shell("exit 1"), "exit status 1");
}

TEST_F(CommandExecutorTest, FailsBySignalWithItsName) {
  const AttemptReport& report = run_command({.run = "kill -SEGV $$"}).result();
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_EQ(report.signal, SIGSEGV);
  EXPECT_FALSE(report.exit_code);
  EXPECT_EQ(report.error, "signal 11 (SIGSEGV)");
}

TEST_F(CommandExecutorTest, EndsTheWholeTreeAtItsTimeout) {
  Attempt& attempt = prepare_command({.run = "setsid sh -c 'trap \"\" TERM; sleep 60' & echo working >&2; sleep 60"});
  attempt.spec.timeout = milliseconds(150);
  const AttemptReport& report = run(attempt);
  EXPECT_EQ(report.outcome, Outcome::timed_out);
  EXPECT_THAT(report.error, HasSubstr("150 ms"));
  EXPECT_THAT(report.error, HasSubstr("timeout of 150 ms"));
  EXPECT_EQ(report.output, "working\n");
  EXPECT_GE(report.duration, milliseconds(150));
}

TEST_F(CommandExecutorTest, CancelEndsTheAttempt) {
  Attempt& attempt = prepare_command({.run = "sleep 60"});
  start(attempt);
  loop.after(milliseconds(30), [&] { executor->cancel(attempt.handle); });
  executor->cancel(999);
  finish();
  EXPECT_EQ(attempt.result().outcome, Outcome::cancelled);
}

TEST_F(CommandExecutorTest, AMissingProgramIsAFailedAttempt) {
  const AttemptReport& report = run_command({.run = std::vector<std::string>{"no-such-program-7", "x"}}).result();
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_FALSE(report.exit_code);
  EXPECT_THAT(report.error, HasSubstr("no-such-program-7"));
  EXPECT_EQ(run_command({.run = "no-such-program-7"}).result().exit_code, 127) << "in a shell line the shell says it";
}

TEST_F(CommandExecutorTest, TooMuchOutputFailsIt) {
  const AttemptReport& report = run_command({.run = "head -c 200000000 /dev/zero"}).result();
  EXPECT_EQ(report.outcome, Outcome::failed);
  EXPECT_THAT(report.error, HasSubstr("more than 16 MiB"));
}

TEST_F(CommandExecutorTest, RunsAttemptsSideBySide) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Attempt*> all;
  for (int i = 0; i < 20; ++i) all.push_back(&prepare_command({.run = "sleep 0.3; echo " + std::to_string(i)}));
  for (Attempt* attempt : all) start(*attempt);
  finish();
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i]->delta("f"), "\"" + std::to_string(i) + "\"");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << "one after the other takes 6 s";
}

TEST_F(CommandExecutorTest, EndsWhatRunsWhenItIsDestroyed) {
  start(prepare_command({.run = "sleep 60"}));
  start(prepare_command({.run = "{{unset}}"}));
  executor.reset();
  loop.post([this] { loop.stop(); });
  loop.run();
  EXPECT_FALSE(attempts.front().report);
  EXPECT_FALSE(attempts.back().report);
}

}  // namespace
}  // namespace oe::exec
