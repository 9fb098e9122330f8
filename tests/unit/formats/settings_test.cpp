#include <chrono>
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "reading.hpp"

namespace oe::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr const char* kTail =
    "state: {schema: {x: {}}}\ngraph: {nodes: [{id: a, kind: tool, impl: t.mjs, writes: [x]}], edges: []}\n";

std::string with_top(const std::string& lines) {
  return "name: w\nversion: 0.1.0\n" + lines + kTail;
}
graph::Node node_with(const std::string& members) {
  return node_from(fmt::format("  - {{id: a, kind: tool, impl: t.mjs, {}}}\n", members));
}

TEST(Interface, ReadsInputs) {
  const Reading reading =
      read(with_top("inputs: {topic: string, size: {type: number, default: 3, description: How many}, all: any,\n"
                    "  rest: {}, maybe: {type: object, required: false}}\n"));
  EXPECT_THAT(reading.problems, IsEmpty());
  using graph::FieldType;
  EXPECT_THAT(reading.graph.inputs,
              ElementsAre(graph::Input{"topic", FieldType::string, true, std::nullopt, "", {}},
                          graph::Input{"size", FieldType::number, false, Value::of(3), "How many", {}},
                          graph::Input{"all", FieldType::any, true, std::nullopt, "", {}},
                          graph::Input{"rest", FieldType::any, true, std::nullopt, "", {}},
                          graph::Input{"maybe", FieldType::object, false, std::nullopt, "", {}}));
  EXPECT_EQ(Location(reading.graph.inputs[1].where), (Location{"w", 3, 25, "/inputs/size"}));
}
TEST(Interface, ReadsWhatStartsARun) {
  using graph::Trigger;
  EXPECT_THAT(read(with_top("on: commit\n")).graph.on, ElementsAre(Trigger::commit));
  EXPECT_THAT(read(with_top("on: [merge, commit, merge]\n")).graph.on, ElementsAre(Trigger::merge, Trigger::commit));
  EXPECT_THAT(read(with_top("")).graph.on, IsEmpty());
}
TEST(Interface, SaysWhereATriggerIsNone) {
  const Reading reading = read(with_top("on: [commit, comit]\n"));
  ASSERT_EQ(reading.problems.size(), 1U);
  EXPECT_EQ(to_string(reading.problems[0]),
            "w:3:14: /on/1: must be one of commit, merge, found 'comit'; did you mean 'commit'?");
}
TEST(Interface, ReadsMetrics) {
  const Reading reading = read(with_top(
      "metrics:\n  - {name: found, source: length($.x), direction: higher, role: goal, margin: 2}\n"
      "  - {name: done, source: $.x, direction: lower}\n"));
  EXPECT_THAT(reading.problems, IsEmpty());
  ASSERT_EQ(reading.graph.metrics.size(), 2U);
  EXPECT_EQ(reading.graph.metrics[0],
            (graph::Metric{.name = "found", .source = "length($.x)", .is_higher_better = true, .is_goal = true, .margin = 2}));
  EXPECT_FALSE(reading.graph.metrics[1].is_goal) << "a guard unless it says so";
}
TEST(Interface, RefusesMetricsThatCannotBeRead) {
  EXPECT_THAT(problems_in(with_top("metrics: [{name: a, source: 'length($.y)', direction: higher}]\n")),
              ElementsAre(HasSubstr("metric 'a' reads 'y', which is no state field")));
  EXPECT_THAT(problems_in(with_top("metrics: [{name: a, source: 'length(', direction: higher}]\n")),
              ElementsAre(HasSubstr("the source of metric 'a' does not parse")));
  EXPECT_THAT(problems_in(with_top("metrics: [{name: a, source: $.x}]\n")), ElementsAre(HasSubstr("direction")));
  EXPECT_THAT(problems_in(with_top("metrics: [{name: a, source: $.x, direction: up}]\n")), ElementsAre(HasSubstr("higher")));
  EXPECT_THAT(problems_in(with_top("metrics:\n  - {name: a, source: $.x, direction: lower}\n  - {name: a, source: $.x, direction: lower}\n")),
              ElementsAre(HasSubstr("two metrics with the name 'a'")));
}
TEST(Interface, ReadsOutputsAndSecrets) {
  const Reading reading =
      read(with_top("outputs: {one: $.x, two: {value: $.x.y, description: Deep}}\nsecrets: [TOKEN]\n"));
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_THAT(reading.graph.outputs,
              ElementsAre(graph::Output{"one", "$.x", "", {}}, graph::Output{"two", "$.x.y", "Deep", {}}));
  EXPECT_THAT(reading.graph.secrets, ElementsAre("TOKEN"));
}
TEST(Interface, IsChecked) {
  EXPECT_THAT(problems_in(with_top("inputs: {a: strnig, b: {type: 3}, c: {defualt: 1}, d: [x]}\n")),
              ElementsAre("w:3:13: /inputs/a: must be one of string, number, boolean, object, array, null, any, found "
                          "'strnig'; did you mean 'string'?",
                          "w:3:31: /inputs/b/type: must be a string, found the number 3; put it in quotes",
                          "w:3:39: /inputs/c/defualt: unknown key 'defualt'; did you mean 'default'?",
                          "w:3:55: /inputs/d: must be a string, found a list"));
  EXPECT_THAT(problems_in(with_top("inputs: {a: {type: number, default: many}}\n")),
              ElementsAre(HasSubstr("w:3:37: /inputs/a/default: ")));
  EXPECT_THAT(problems_in(with_top("inputs: {a-b: string}\n")), ElementsAre(HasSubstr("'a-b'")));
  EXPECT_THAT(problems_in(with_top("outputs: {a: x}\n")), ElementsAre(HasSubstr("w:3:14: /outputs/a")));
  EXPECT_THAT(problems_in(with_top("outputs: {a: $.xx}\n")), ElementsAre(HasSubstr("'xx'")));
  EXPECT_THAT(problems_in(with_top("outputs: {a: {value: 3}, b: {}}\n")),
              ElementsAre("w:3:22: /outputs/a/value: must be a string, found the number 3; put it in quotes",
                          "w:3:29: /outputs/b: the key 'value' is missing; add 'value: ...'"));
  EXPECT_THAT(problems_in(with_top("secrets: [A B]\n")), ElementsAre(HasSubstr("'A B'")));
}

TEST(Runtime, ReadsEverySetting) {
  const Reading reading = read(
      with_top("runtime:\n  concurrency: 4\n  deadline_ms: 60000\n  budget: {usd: 2.5}\n  cache: false\n"
               "  sandbox: {network: true, write: [out], memory_mb: 512, processes: 9, cpu_ms: 100, output_mb: 7}\n"));
  EXPECT_THAT(reading.problems, IsEmpty());
  const graph::Runtime& runtime = reading.graph.runtime;
  EXPECT_EQ(runtime.deadline, 60000ms);
  EXPECT_EQ(runtime.budget, graph::Budget{.usd = 2.5});
  EXPECT_EQ(runtime.cache, false);
  EXPECT_EQ(runtime.sandbox, (graph::Sandbox{true, {"out"}, 512, 9, 7, 100ms}));
}
TEST(Runtime, IsChecked) {
  EXPECT_THAT(
      problems_in(with_top("runtime: {budget: {token: 3}, sandbox: 3, cache: 'no', deadline_ms: 0}\n")),
      ElementsAre("w:3:20: /runtime/budget/token: unknown key 'token'; did you mean 'tokens'?",
                  "w:3:40: /runtime/sandbox: must be true, false or a mapping, found the number 3",
                  "w:3:50: /runtime/cache: must be true or false, found 'no'",
                  "w:3:69: /runtime/deadline_ms: must be a whole number from 1 to 31622400000, found the number 0"));
  EXPECT_THAT(problems_in(with_top("runtime: {budget: {}}\n")), ElementsAre(HasSubstr("at least one of")));
  EXPECT_THAT(problems_in(with_top("runtime: {budget: {usd: -1}, sandbox: {memory: 3}}\n")),
              ElementsAre("w:3:25: /runtime/budget/usd: must be a number of at least 0, found the number -1",
                          HasSubstr("unknown key 'memory'")));
}

TEST(NodeSettings, AreRead) {
  const Reading reading = read(
      "name: w\nversion: 0.1.0\nsecrets: [A, B]\nstate: {schema: {x: {}}}\ngraph: {edges: [], nodes: [{id: a, kind: "
      "tool, impl: "
      "t.mjs, join: none_failed, deadline_ms: 9, budget: 70, secrets: [B], sandbox: true, cache: true}]}\n");
  EXPECT_THAT(reading.problems, IsEmpty());
  const graph::Node& node = reading.graph.nodes.at(0);
  EXPECT_EQ(node.join, graph::JoinMode::none_failed);
  EXPECT_EQ(node.deadline, 9ms);
  EXPECT_EQ(node.budget, graph::Budget{.tokens = 70});
  EXPECT_THAT(node.secrets, ElementsAre("B"));
  EXPECT_EQ(node.sandbox, graph::Sandbox());
  EXPECT_EQ(node.cache, true);
  EXPECT_EQ(node_with("sandbox: false").sandbox, std::nullopt);
  EXPECT_EQ(node_with("join: any").join, graph::JoinMode::any);
  EXPECT_EQ(node_with("join: all").join, graph::JoinMode::all);
}
TEST(NodeSettings, SayWhatIsWrong) {
  EXPECT_THAT(problems_in(with_nodes("  - {id: a, kind: tool, impl: t.mjs, join: some}\n")),
              ElementsAre("w:6:44: /graph/nodes/0/join: must be one of all, any, none_failed, found 'some'"));
  EXPECT_THAT(problems_in(with_nodes("  - {id: a, kind: tool, impl: t.mjs, secrets: [A]}\n")),
              ElementsAre(testing::AllOf(HasSubstr("/graph/nodes/0/secrets"), HasSubstr("'A'"))));
}

TEST(OnError, ReadsEverySettingOfARetry) {
  const graph::OnError on_error =
      node_with(
          "on_error: {policy: retry, attempts: 4, backoff: exponential, base_ms: 5, max_ms: 50, jitter: true, then: "
          "fail_run, retry_on: {timeout: true, signal: true, exit_code: [75, 1], http_status: 503, output: [a, b]}}")
          .on_error;
  EXPECT_EQ(on_error.cap, 50ms);
  EXPECT_TRUE(on_error.jitter);
  EXPECT_TRUE(on_error.then_fail_run);
  EXPECT_EQ(on_error.retry_on, (graph::RetryOn{true, true, {75, 1}, {503}, {"a", "b"}}));
  EXPECT_EQ(
      node_with("on_error: {policy: retry, attempts: 2, retry_on: {exit_code: 75, output: re}}").on_error.retry_on,
      (graph::RetryOn{false, false, {75}, {}, {"re"}}));
  EXPECT_TRUE(node_with("on_error: {policy: skip, then: fail_run}").on_error.then_fail_run);
  EXPECT_FALSE(node_with("on_error: {policy: skip, then: skip}").on_error.then_fail_run);
}
TEST(OnError, IsChecked) {
  EXPECT_THAT(problems_in(with_nodes("  - {id: a, kind: tool, impl: t.mjs, on_error: {policy: retry, attempts: 2, "
                                     "retry_on: {exit_code: 0, exitcode: "
                                     "3, http_status: [x]}}}\n")),
              ElementsAre(HasSubstr("/retry_on/exit_code: must be a whole number from 1 to 255, found the number 0"),
                          HasSubstr("unknown key 'exitcode'; did you mean 'exit_code'?"),
                          HasSubstr("/retry_on/http_status/0: must be a whole number from 100 to 599, found 'x'")));
}

constexpr const char* kTwo =
    "  - {id: a, kind: tool, impl: t.mjs, on_error: {policy: skip, then: b}}\n  - {id: b, kind: tool, impl: t.mjs}\n";
TEST(OnError, LeadsToAnotherNodeByAnEdge) {
  const graph::Graph graph = read(with_nodes(kTwo)).graph;
  EXPECT_THAT(graph.edges, ElementsAre(graph::Edge{.from = {"a"}, .to = {"b"}, .on = graph::EdgeOn::failure}));
  EXPECT_EQ(Location(graph.edges[0].where), (Location{"w", 6, 69, "/graph/nodes/0/on_error/then"}));
  EXPECT_EQ(read(with_nodes(kTwo, "  edges: [{from: a, to: b, on: failure}]\n")).graph.edges.size(), 1U);
}
TEST(OnError, LeadsToNodesThatExist) {
  EXPECT_THAT(
      problems_in(with_nodes("  - {id: a, kind: tool, impl: t.mjs, on_error: {policy: skip, then: fial_run}}\n")),
      ElementsAre("w:6:69: /graph/nodes/0/on_error/then: there is no node 'fial_run'; did you mean 'fail_run'?"));
  EXPECT_THAT(
      problems_in(with_nodes("  - {id: a, kind: tool, impl: t.mjs, on_error: {policy: skip, then: nobody}}\n")),
      ElementsAre("w:6:69: /graph/nodes/0/on_error/then: there is no node 'nobody'; write skip, fail_run or the id "
                  "of a node"));
}

TEST(Edges, FireOnEveryEnd) {
  const auto edge = [](const std::string& members) {
    return read(with_nodes("  - {id: a, kind: tool, impl: t.mjs}\n  - {id: b, kind: tool, impl: t.mjs}\n",
                           "  edges: [{from: a, to: b, " + members + "}]\n"))
        .graph.edges.at(0);
  };
  using graph::EdgeOn;
  EXPECT_EQ(edge("on: success").on, EdgeOn::success);
  EXPECT_EQ(edge("on: failure").on, EdgeOn::failure);
  EXPECT_EQ(edge("on: timeout").on, EdgeOn::timeout);
  EXPECT_EQ(edge("on: end").on, EdgeOn::end);
  EXPECT_TRUE(edge("else: true").otherwise);
  EXPECT_FALSE(edge("else: false").otherwise);
}
TEST(Edges, SayWhatIsWrong) {
  EXPECT_THAT(
      problems_in(with_nodes(
          "  - {id: a, kind: tool, impl: t.mjs}\n  - {id: b, kind: tool, impl: t.mjs, writes: [x]}\n",
          "  edges: [{from: a, to: b, on: fail, else: yes}, {from: a, to: b, when: $.x == 1, else: true}]\n")),
      ElementsAre("w:8:32: /graph/edges/0/on: must be one of success, failure, timeout, end, found 'fail'",
                  "w:8:44: /graph/edges/0/else: must be true or false, found 'yes'",
                  "w:8:89: /graph/edges/1/else: an edge has a condition or is the 'else' of the others, not both; "
                  "take 'when' or 'else' out"));
}

TEST(ForEach, ReadsEverySetting) {
  const graph::Node node = node_with("for_each: {source: $.rows, as: row, concurrency: 3, max_failed: 0, batch: 10}");
  const graph::Each& each = *graph::each(node);
  EXPECT_EQ(each.as, "row");
  EXPECT_EQ(each.max_failed, 0U);
  EXPECT_EQ(each.batch, 10U);
  EXPECT_EQ(graph::each(node_with("for_each: {source: $.rows}"))->max_failed, std::nullopt);
}
TEST(ForEach, GoesOverRows) {
  const graph::Node node = node_with("for_each: {source: {type: sqlite, uri: r.sqlite, query: select 1}}");
  EXPECT_EQ(graph::each(node)->rows, (graph::Dataset{graph::SqliteSource{"r.sqlite", "select 1"}}));
  EXPECT_EQ(graph::each(node)->source, "");
  EXPECT_THAT(problems_in(with_nodes(
                  "  - {id: a, kind: tool, impl: t.mjs, for_each: {source: {type: file, uri: gone.csv}}}\n")),
              ElementsAre(HasSubstr("w:6:75: /graph/nodes/0/for_each/source/uri: the file 'gone.csv' does not exist")));
}

TEST(Human, IsRead) {
  const auto human = [](const std::string& members) {
    return std::get<graph::Human>(
        node_from("  - {id: a, kind: human, question: 'Ship {{x}}?', reads: [x], " + members + "}\n").work);
  };
  using Ask = graph::Human::Ask;
  EXPECT_EQ(human("deadline_ms: 5, default: false"),
            (graph::Human{Ask::approve, "Ship {{x}}?", {}, Value(), Value::of(false)}));
  EXPECT_EQ(human("ask: choose, choices: [s, m], default: m, deadline_ms: 5"),
            (graph::Human{Ask::choose, "Ship {{x}}?", {"s", "m"}, Value(), Value::of("m")}));
  const graph::Human form = human("ask: form, schema: {properties: {n: {type: number}}}, writes: [y]");
  EXPECT_EQ(form.ask, Ask::form);
  EXPECT_EQ(form.schema.dump(), R"({"properties":{"n":{"type":"number"}}})");
}
TEST(Human, IsChecked) {
  const auto faults = [](const std::string& members) {
    return problems_in(with_nodes("  - {id: a, kind: human, " + members + "}\n"));
  };
  EXPECT_THAT(faults("ask: aprove"),
              ElementsAre(HasSubstr("the key 'question' is missing"),
                          HasSubstr("must be one of approve, choose, form, found 'aprove'; did you mean 'approve'?")));
  EXPECT_THAT(faults("question: q, ask: choose"), ElementsAre(HasSubstr("the key 'choices' is missing")));
  EXPECT_THAT(faults("question: q, ask: form"), ElementsAre(HasSubstr("the key 'schema' is missing")));
  EXPECT_THAT(faults("question: q, choices: [a]"), ElementsAre(HasSubstr("choices")));
  EXPECT_THAT(faults("question: q, default: maybe, deadline_ms: 5"),
              ElementsAre(HasSubstr("/graph/nodes/0/default: ")));
  EXPECT_THAT(faults("question: q, ask: choose, choices: [a], default: b, deadline_ms: 5"),
              ElementsAre(HasSubstr("/graph/nodes/0/default: ")));
  EXPECT_THAT(faults("question: q, default: true"), ElementsAre(HasSubstr("warning: ")));
}

}  // namespace
}  // namespace oe::formats
