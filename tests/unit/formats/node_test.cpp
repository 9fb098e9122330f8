#include <fmt/core.h>
#include <gmock/gmock.h>

#include "reading.hpp"

namespace oe::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

Value json_value(std::string_view text) {
  return *Value::parse(text);
}

TEST(NodeReader, ReadsATool) {
  const graph::Node node = node_from(
      "  - {id: a, kind: tool, impl: t.mjs, phase: p, args: {k: $.x}, reads: [x], writes: [y], timeout_ms: 50}\n");
  EXPECT_EQ(node.id, NodeId{"a"});
  EXPECT_EQ(node.phase, "p");
  EXPECT_THAT(node.reads, ElementsAre("x"));
  EXPECT_THAT(node.writes, ElementsAre("y"));
  EXPECT_EQ(node.timeout, 50ms);
  EXPECT_EQ(node.work, graph::Work(graph::Tool{"t.mjs", json_value(R"({"k":"$.x"})")}));
}
TEST(NodeReader, ReadsACommandAsALineOrAsWords) {
  EXPECT_EQ(node_from("  - {id: a, kind: command, run: 'echo {{k}} | wc', output: lines, args: {k: v}}\n").work,
            graph::Work(graph::Command{"echo {{k}} | wc", graph::CaptureAs::lines, json_value(R"({"k":"v"})")}));
  EXPECT_EQ(node_from("  - {id: a, kind: command, run: [echo, '7']}\n").work,
            graph::Work(graph::Command{std::vector<std::string>{"echo", "7"}}));
}
TEST(NodeReader, ReadsAgents) {
  EXPECT_EQ(node_from("  - {id: a, kind: agent, prompt: p.md, model: m, schema: {type: object}, args: {k: 1}}\n").work,
            graph::Work(graph::Agent{
                "p.md", {.model = "m", .schema = json_value(R"({"type":"object"})")}, json_value(R"({"k":1})"), {"x"}}));
  const graph::Node node = node_from(
      "  - {id: a, kind: cli-agent, provider: codex, prompt: hi, model: m, workdir: d, output_format: json, "
      "schema: true, extra_args: [-x], args: {k: 1}}\n");
  EXPECT_EQ(
      node.work,
      graph::Work(graph::CliAgent{
          "codex", "hi", "m", "d", graph::CaptureAs::json, json_value("true"), {"-x"}, json_value(R"({"k":1})")}));
  EXPECT_EQ(node.timeout, 600'000ms);
}
TEST(NodeReader, ReadsWhatIsAskedOfAModel) {
  const char* members = "model: m, provider: ollama, temperature: 0.5, max_tokens: 900, repair: 0, schema: {type: object}";
  const graph::Asking ask{.model = "m",
                          .provider = "ollama",
                          .temperature = 0.5,
                          .max_tokens = 900,
                          .repair = 0,
                          .schema = json_value(R"({"type":"object"})")};
  EXPECT_EQ(std::get<graph::Agent>(node_from(fmt::format("  - {{id: a, kind: agent, prompt: p.md, {}}}\n", members)).work).ask, ask);
  EXPECT_EQ(std::get<graph::Skill>(node_from(fmt::format("  - {{id: a, kind: skill, impl: SKILL.md, {}}}\n", members)).work).ask, ask);
  EXPECT_THAT(problems_in(with_nodes("  - {id: a, kind: agent, prompt: p.md, args: {x: 1}, writes: [x], provider: olama, repair: 2, "
                                     "temperature: hot, max_tokens: 0}\n")),
              ElementsAre(HasSubstr("/provider: must be one of"), HasSubstr("/repair: must be a whole number from 0 to 1"),
                          HasSubstr("/temperature: must be a number"), HasSubstr("/max_tokens: must be a whole number")));
}
TEST(NodeReader, KnowsWhatAPromptFileNames) {
  const Files files = files_in_memory({{"p.md", "{{$run.inputs.a}} {{x}} {{x}} {{ $item.b.0 }}\n"}});
  const graph::Node node = read(with_nodes("  - {id: a, kind: agent, prompt: p.md, for_each: {source: $.rows}}\n"), files).graph.nodes.at(0);
  EXPECT_THAT(std::get<graph::Agent>(graph::leaf(node).work).names, ElementsAre("$run.inputs.a", "x", "$item.b.0"));
}
TEST(NodeReader, ArgumentsOfASkillAreInputs) {
  const graph::Node node = node_from("  - {id: a, kind: skill, impl: SKILL.md, args: {k: 1, l: 2}, inputs: {k: 3}, writes: [x]}\n");
  EXPECT_EQ(std::get<graph::Skill>(node.work).inputs, json_value(R"({"k":3,"l":2})"));
}
TEST(NodeReader, ReadsSkillsAndChildren) {
  EXPECT_EQ(node_from("  - {id: a, kind: skill, impl: SKILL.md, inputs: {k: 1}, model: m, writes: [x]}\n").work,
            graph::Work(graph::Skill{"SKILL.md", {.model = "m"}, json_value(R"({"k":1})")}));
  const graph::Node child =
      node_from("  - {id: a, kind: experience, impl: child.yaml, args: {k: 1}, outputs: {y: z}, writes: [y]}\n");
  const auto& work = std::get<graph::Subgraph>(child.work);
  EXPECT_EQ(work.impl, "child.yaml");
  EXPECT_EQ(work.args, json_value(R"({"k":1})"));
  EXPECT_EQ(work.scope, graph::StateScope::isolated);
  EXPECT_THAT(work.outputs, ElementsAre(testing::Pair("y", "z")));
  EXPECT_EQ(work.body->name, "child");
}
TEST(NodeReader, ReadsEveryOnError) {
  const auto on_error = [](const std::string& text) {
    return node_from("  - {id: a, kind: tool, impl: t.mjs, on_error: " + text + "}\n").on_error;
  };
  using graph::Backoff, graph::ErrorPolicy, graph::OnError;
  EXPECT_EQ(on_error("{policy: skip}"), OnError{});
  EXPECT_EQ(on_error("{policy: fail_run}"), OnError{.policy = ErrorPolicy::fail_run});
  EXPECT_EQ(on_error("{policy: retry, attempts: 3}"), (OnError{ErrorPolicy::retry, 3, Backoff::linear, 100ms}));
  EXPECT_EQ(on_error("{policy: retry, attempts: 20, backoff: exponential, base_ms: 0}"),
            (OnError{ErrorPolicy::retry, 20, Backoff::exponential, 0ms}));
}
TEST(NodeReader, LowersAForEachToALoopAroundTheNode) {
  const graph::Node node = node_from(
      "  - {id: a, kind: tool, impl: t.mjs, reads: [rows], writes: [y], timeout_ms: 9, on_error: {policy: fail_run}, "
      "phase: p, for_each: {source: $.rows, concurrency: 3}}\n");
  const graph::Each* loop = graph::each(node);
  ASSERT_NE(loop, nullptr);
  EXPECT_EQ(loop->source, "$.rows");
  EXPECT_EQ(loop->concurrency, 3U);
  graph::Node inner = graph::leaf(node);
  EXPECT_EQ(inner.work, graph::Work(graph::Tool{.impl = "t.mjs"}));
  EXPECT_EQ(Location(inner.where).path, "/graph/nodes/0");
  inner.work = node.work;
  EXPECT_EQ(inner, node);
  EXPECT_EQ(graph::each(node_from("  - {id: a, kind: tool, impl: t.mjs, for_each: {source: $.rows}}\n"))->concurrency,
            1U);
}

TEST(NodeReader, ReadsEveryDatasetSource) {
  const auto source = [](const std::string& text) {
    return std::get<graph::Dataset>(
               node_from("  - {id: a, kind: dataset, writes: [rows], source: {" + text + "}}\n").work)
        .source;
  };
  using Source = decltype(graph::Dataset::source);
  using graph::RowFormat;
  EXPECT_EQ(source("type: file, uri: r.csv"), Source(graph::FileSource{"r.csv", RowFormat::csv}));
  EXPECT_EQ(source("type: file, uri: r.tsv"), Source(graph::FileSource{"r.tsv", RowFormat::tsv}));
  EXPECT_EQ(source("type: file, uri: r.json"), Source(graph::FileSource{"r.json", RowFormat::json}));
  EXPECT_EQ(source("type: file, uri: r.jsonl, transform: x"), Source(graph::FileSource{"r.jsonl", RowFormat::jsonl}));
  EXPECT_EQ(source("type: file, uri: r.ndjson"), Source(graph::FileSource{"r.ndjson", RowFormat::jsonl}));
  EXPECT_EQ(source("type: file, uri: r.dat, format: csv"), Source(graph::FileSource{"r.dat", RowFormat::csv}));
  EXPECT_EQ(source("type: sqlite, uri: r.sqlite, query: select 1"),
            Source(graph::SqliteSource{"r.sqlite", "select 1"}));
  EXPECT_EQ(source("type: http, url: 'http://x', method: POST, body: {k: 1}"),
            Source(graph::HttpSource{"http://x", "POST", json_value(R"({"k":1})")}));
  EXPECT_EQ(source("type: http, url: 'http://x'"), Source(graph::HttpSource{"http://x", "GET", Value()}));
  EXPECT_EQ(source("type: mcp-resource, server: s, uri: 'u:v'"), Source(graph::McpSource{"s", "u:v"}));
}

struct Fault {
  const char* node;  ///< members of the one node
  std::vector<std::string> lines;
};
void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.node;
}
class NodeFaults : public testing::TestWithParam<Fault> {};
TEST_P(NodeFaults, AreSaidExactly) {
  EXPECT_EQ(problems_in(with_nodes(fmt::format("  - {{{}}}\n", GetParam().node))), GetParam().lines);
}

INSTANTIATE_TEST_SUITE_P(
    Common, NodeFaults,
    testing::Values(
        Fault{"kind: tool, impl: t.mjs", {"w:6:5: /graph/nodes/0: the key 'id' is missing; add 'id: ...'"}},
        Fault{"id: my-node, kind: tool, impl: t.mjs",
              {"w:6:10: /graph/nodes/0/id: 'my-node' cannot be an id: only letters, digits and '_', no digit first; "
               "did you mean 'my_node'?"}},
        Fault{"id: 2nd, kind: tool, impl: t.mjs",
              {"w:6:10: /graph/nodes/0/id: '2nd' cannot be an id: only letters, digits and '_', no digit first; did "
               "you mean '_2nd'?"}},
        Fault{"id: '', kind: tool, impl: t.mjs", {"w:6:10: /graph/nodes/0/id: must not be empty"}},
        Fault{"id: a", {"w:6:5: /graph/nodes/0: the key 'kind' is missing; add 'kind: ...'"}},
        Fault{"id: a, kind: agnet, whatever: 1",
              {"w:6:19: /graph/nodes/0/kind: must be one of tool, command, dataset, agent, cli-agent, skill, "
               "human, experience, found 'agnet'; did "
               "you mean 'agent'?"}},
        Fault{"id: a, kind: tool, impl: t.mjs, raeds: [x]",
              {"w:6:38: /graph/nodes/0/raeds: warning: unknown key 'raeds'; did you mean 'reads'?"}},
        Fault{"id: a, kind: tool, impl: t.mjs, prompt: p.md",
              {"w:6:38: /graph/nodes/0/prompt: warning: unknown key 'prompt'; a node of kind tool has no such key"}},
        Fault{"id: a, kind: tool, impl: t.mjs, phase: 3",
              {"w:6:45: /graph/nodes/0/phase: must be a string, found the number 3; put it in quotes"}},
        Fault{"id: a, kind: tool, impl: t.mjs, writes: [y, 2]",
              {"w:6:50: /graph/nodes/0/writes/1: must be a string, found the number 2; put it in quotes"}},
        Fault{"id: a, kind: tool, impl: t.mjs, timeout_ms: 2s",
              {"w:6:50: /graph/nodes/0/timeout_ms: must be a whole number from 1 to 31622400000, found '2s'"}},
        Fault{"id: a, kind: tool, impl: t.mjs, args: [1]",
              {"w:6:44: /graph/nodes/0/args: must be a mapping, found a list"}}));

INSTANTIATE_TEST_SUITE_P(
    OnError, NodeFaults,
    testing::Values(
        Fault{"id: a, kind: tool, impl: t.mjs, on_error: skip",
              {"w:6:48: /graph/nodes/0/on_error: must be a mapping, found 'skip'"}},
        Fault{"id: a, kind: tool, impl: t.mjs, on_error: {policy: retyr}",
              {"w:6:57: /graph/nodes/0/on_error/policy: must be one of skip, fail_run, retry, found 'retyr'; did you "
               "mean 'retry'?"}},
        Fault{"id: a, kind: tool, impl: t.mjs, on_error: {policy: retry}",
              {"w:6:48: /graph/nodes/0/on_error: the key 'attempts' is missing; add 'attempts: ...'"}},
        Fault{"id: a, kind: tool, impl: t.mjs, on_error: {policy: retry, attempts: 21, base_ms: -1, backoff: cubic}",
              {"w:6:74: /graph/nodes/0/on_error/attempts: must be a whole number from 1 to 20, found the number 21",
               "w:6:87: /graph/nodes/0/on_error/base_ms: must be a whole number from 0 to 31622400000, found the "
               "number -1",
               "w:6:100: /graph/nodes/0/on_error/backoff: must be one of linear, exponential, found 'cubic'"}},
        Fault{"id: a, kind: tool, impl: t.mjs, on_error: {policy: skip, attempts: 2}",
              {"w:6:63: /graph/nodes/0/on_error/attempts: unknown key 'attempts'; only 'policy: retry' has settings"}},
        Fault{"id: a, kind: tool, impl: t.mjs, on_error: {policy: retry, attempts: 2, atempts: 3}",
              {"w:6:77: /graph/nodes/0/on_error/atempts: unknown key 'atempts'; did you mean 'attempts'?"}}));

INSTANTIATE_TEST_SUITE_P(
    ForEach, NodeFaults,
    testing::Values(
        Fault{"id: a, kind: tool, impl: t.mjs, for_each: $.rows",
              {"w:6:48: /graph/nodes/0/for_each: must be a mapping, found '$.rows'"}},
        Fault{
            "id: a, kind: tool, impl: t.mjs, writes: [rows], for_each: {source: $.rows, as: r-w, concurrency: 0}",
            {"w:6:85: /graph/nodes/0/for_each/as: 'r-w' cannot be a name: only letters, digits and '_', no digit first",
             "w:6:103: /graph/nodes/0/for_each/concurrency: must be a whole number from 1 to 4294967295, "
             "found the number 0"}},
        Fault{"id: a, kind: tool, impl: t.mjs, writes: [rows], for_each: {source: rows}",
              {"w:6:73: /graph/nodes/0/for_each/source: for_each of 'a' goes over 'rows', which is not a "
               "path; write '$.field' with "
               "the name of a list in the state"}}));

INSTANTIATE_TEST_SUITE_P(
    Kinds, NodeFaults,
    testing::Values(Fault{"id: a, kind: tool", {"w:6:5: /graph/nodes/0: the key 'impl' is missing; add 'impl: ...'"}},
                    Fault{"id: a, kind: tool, impl: ''", {"w:6:31: /graph/nodes/0/impl: must not be empty"}},
                    Fault{"id: a, kind: command", {"w:6:5: /graph/nodes/0: the key 'run' is missing; add 'run: ...'"}},
                    Fault{"id: a, kind: command, run: []", {"w:6:33: /graph/nodes/0/run: must name a program"}},
                    Fault{"id: a, kind: command, run: {a: 1}",
                          {"w:6:33: /graph/nodes/0/run: must be a shell line or a list of arguments, found a mapping"}},
                    Fault{"id: a, kind: command, run: [echo, 7], output: xml",
                          {"w:6:40: /graph/nodes/0/run/1: must be a string, found the number 7; put it in quotes",
                           "w:6:52: /graph/nodes/0/output: must be one of text, lines, json, found 'xml'"}},
                    Fault{"id: a, kind: cli-agent, provider: claude, prompt: '', timeout_ms: 999",
                          {"w:6:40: /graph/nodes/0/provider: must be one of claude-code, codex, gemini, found 'claude'",
                           "w:6:56: /graph/nodes/0/prompt: must not be empty",
                           "w:6:72: /graph/nodes/0/timeout_ms: must be a whole number from 1000 to 31622400000, found "
                           "the number 999"}},
                    Fault{"id: a, kind: experience, impl: child.yaml, state_scope: all",
                          {"w:6:62: /graph/nodes/0/state_scope: must be one of isolated, shared, found 'all'"}},
                    Fault{"id: a, kind: skill, impl: SKILL.md, inputs: 3, writes: [x]",
                          {"w:6:50: /graph/nodes/0/inputs: must be a mapping, found the number 3"}}));

INSTANTIATE_TEST_SUITE_P(
    Sources, NodeFaults,
    testing::Values(
        Fault{"id: a, kind: dataset, writes: [rows]",
              {"w:6:5: /graph/nodes/0: the key 'source' is missing; add 'source: ...'"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: r.csv",
              {"w:6:52: /graph/nodes/0/source: must be a mapping, found 'r.csv'"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {uri: r.csv}",
              {"w:6:52: /graph/nodes/0/source: the key 'type' is missing; add 'type: ...'"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: fiel}",
              {"w:6:59: /graph/nodes/0/source/type: must be one of file, sqlite, http, mcp-resource, found 'fiel'; did "
               "you mean 'file'?"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: file, uri: r.dat}",
              {"w:6:70: /graph/nodes/0/source/uri: the name 'r.dat' does not tell what is in the file; add 'format: "
               "json', jsonl, csv or tsv"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: file, uri: r.parquet}",
              {"w:6:70: /graph/nodes/0/source/uri: parquet files cannot be read; convert it to jsonl or csv"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: file, uri: r.dat, format: parquet}",
              {"w:6:85: /graph/nodes/0/source/format: parquet files cannot be read; convert it to jsonl or csv"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: file, uri: r.csv, formt: csv}",
              {"w:6:77: /graph/nodes/0/source/formt: warning: unknown key 'formt'; did you mean 'format'?"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: sqlite, uri: r.sqlite}",
              {"w:6:52: /graph/nodes/0/source: the key 'query' is missing; add 'query: ...'"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: http, url: http://u, method: PUT}",
              {"w:6:88: /graph/nodes/0/source/method: must be one of GET, POST, found 'PUT'"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: mcp-resource}",
              {"w:6:52: /graph/nodes/0/source: the key 'server' is missing; add 'server: ...'",
               "w:6:52: /graph/nodes/0/source: the key 'uri' is missing; add 'uri: ...'"}}));

INSTANTIATE_TEST_SUITE_P(
    MissingFiles, NodeFaults,
    testing::Values(
        Fault{"id: a, kind: tool, impl: gone.mjs",
              {"w:6:31: /graph/nodes/0/impl: the file 'gone.mjs' does not exist; paths start at the folder of the "
               "workflow file"}},
        Fault{"id: a, kind: tool, impl: t.py",
              {"w:6:31: /graph/nodes/0/impl: 't.py' is no ES module and cannot be executed; chmod +x t.py"}},
        Fault{"id: a, kind: tool, impl: dir",
              {"w:6:31: /graph/nodes/0/impl: 'dir' is a folder; paths start at the folder of the workflow file"}},
        Fault{"id: a, kind: tool, impl: run.sh", {}}, Fault{"id: a, kind: tool, impl: t", {}},
        Fault{"id: a, kind: agent, prompt: no.md, writes: [x]",
              {"w:6:34: /graph/nodes/0/prompt: the file 'no.md' does not exist; paths start at the folder of the "
               "workflow file"}},
        Fault{"id: a, kind: agent, prompt: p.md, writes: [x]",
              {"p.md:1:5: warning: nothing fills '{{x}}' of 'a': it stays as it is; add 'x' to reads"}},
        Fault{"id: a, kind: agent, prompt: p.md, writes: [x], args: {x: 1}", {}},
        Fault{"id: a, kind: skill, impl: no.md, writes: [x]",
              {"w:6:32: /graph/nodes/0/impl: the file 'no.md' does not exist; paths start at the folder of the "
               "workflow file"}},
        Fault{"id: a, kind: experience, impl: no.yaml",
              {"w:6:37: /graph/nodes/0/impl: the file 'no.yaml' does not exist; paths start at the folder of the "
               "workflow file"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: file, uri: no.csv}",
              {"w:6:70: /graph/nodes/0/source/uri: the file 'no.csv' does not exist; paths start at the folder of the "
               "workflow file"}},
        Fault{"id: a, kind: dataset, writes: [rows], source: {type: sqlite, uri: no.db, query: q}",
              {"w:6:72: /graph/nodes/0/source/uri: the file 'no.db' does not exist; paths start at the folder of the "
               "workflow file"}},
        Fault{"id: a, kind: command, run: [./gone.sh]",
              {"w:6:34: /graph/nodes/0/run/0: warning: the program './gone.sh' does not exist; paths start at the "
               "folder of the workflow file"}},
        Fault{"id: a, kind: command, run: [gone]", {}}, Fault{"id: a, kind: command, run: ./gone.sh", {}},
        Fault{"id: a, kind: tool, impl: gone.mjs, writes: [rows], for_each: {source: $.rows}",
              {"w:6:31: /graph/nodes/0/impl: the file 'gone.mjs' does not exist; paths start at the folder of the "
               "workflow file"}}));

TEST(NodeReader, ReadsOnWhenANodeIsNoMapping) {
  const std::string text = with_nodes("  - nonsense\n  - {id: b, kind: tool, impl: t.mjs}\n");
  EXPECT_THAT(problems_in(text), ElementsAre("w:6:5: /graph/nodes/0: must be a mapping, found 'nonsense'"));
  EXPECT_EQ(read(text).graph.nodes.size(), 1U);
}
TEST(NodeReader, KeepsAnUnknownKindOutOfTheWayOfItsEdges) {
  EXPECT_THAT(problems_in(with_nodes("  - {id: a, kind: robot}\n  - {id: b, kind: tool, impl: t.mjs}\n",
                                     "  edges: [{from: a, to: b}]\n")),
              ElementsAre(HasSubstr("/graph/nodes/0/kind: must be one of")));
}

}  // namespace
}  // namespace oe::formats
