#include <fmt/core.h>
#include <gmock/gmock.h>

#include "reading.hpp"

namespace oe::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Texts = std::map<std::string, std::string>;

std::string workflow(const std::string& state, const std::string& nodes, const std::string& more = {}) {
  return fmt::format("name: c\nversion: 0.1.0\nstate: {{schema: {{{}}}}}\n{}graph:\n  edges: []\n  nodes:\n{}", state,
                     more, nodes);
}
std::string including(const std::string& impl) {
  return workflow("", fmt::format("  - {{id: n, kind: experience, impl: {}}}\n", impl));
}
/// A node of kind experience over a child with inputs and outputs.
Reading over_child(const std::string& members, const std::string& child) {
  return read(with_nodes(fmt::format("  - {{id: n, kind: experience, impl: c.yaml, {}}}\n", members)),
              files_in_memory({{"c.yaml", child}}));
}
std::vector<std::string> problems_over_child(const std::string& members, const std::string& child) {
  std::vector<std::string> lines;
  for (const Problem& problem : over_child(members, child).problems) lines.push_back(to_string(problem));
  return lines;
}
const graph::Subgraph& child_of(const Reading& reading) {
  return std::get<graph::Subgraph>(graph::leaf(reading.graph.nodes.at(0)).work);
}

const std::string kChild = workflow(
    "report: {}, draft: {}", "  - {id: w, kind: command, run: [echo], output: json, writes: [report, draft]}\n",
    "inputs: {topic: string, size: {type: number, default: 3}}\noutputs: {summary: $.report}\n");

TEST(Children, BecomeTheBodyOfTheirNode) {
  const Reading reading = over_child("args: {topic: x}, writes: [y], outputs: {y: summary}", kChild);
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_EQ(child_of(reading).body->outputs.at(0).name, "summary");
  EXPECT_EQ(child_of(reading).body->nodes.at(0).id, NodeId{"w"});
  EXPECT_EQ(Location(child_of(reading).body->nodes.at(0).where).file, "c.yaml");
}
TEST(Children, StandInFoldersAndUnderForEach) {
  const Reading reading =
      read(with_nodes("  - {id: n, kind: experience, impl: dir, for_each: {source: $.rows}}\n"
                      "  - {id: load, kind: command, run: [echo], writes: [rows]}\n"),
           files_in_memory({{"dir/experience.yaml", workflow("", "  - {id: w, kind: command, run: [echo]}\n")}}));
  EXPECT_THAT(reading.problems, IsEmpty());
  EXPECT_EQ(child_of(reading).impl, "dir/experience.yaml");
  EXPECT_EQ(child_of(reading).body->nodes.size(), 1U);
}

TEST(Children, HaveTheirPathsFromTheRootWorkflow) {
  const std::string deep =
      workflow("z: {}, s: {}",
               "  - {id: a, kind: tool, impl: ./t.mjs}\n  - {id: b, kind: agent, prompt: ../p.md, writes: [z]}\n"
               "  - {id: c, kind: dataset, source: {type: file, uri: r.csv}, writes: [s]}\n"
               "  - {id: d, kind: command, run: [./x.sh], sandbox: {write: [out]}}\n"
               "  - {id: e, kind: cli-agent, provider: codex, prompt: hi, workdir: w, writes: [z]}\n"
               "  - {id: f, kind: tool, impl: /abs.mjs, for_each: {source: {type: file, uri: ./r.jsonl}}}\n"
               "  - {id: g, kind: skill, impl: S.md, writes: [z]}\n",
               "runtime: {sandbox: {write: [.]}}\n");
  const Reading reading = read(including("one/e.yaml"), files_in_memory({{"one/e.yaml", including("two/e.yaml")},
                                                                         {"one/two/e.yaml", deep},
                                                                         {"one/two/t.mjs", ""},
                                                                         {"one/p.md", ""},
                                                                         {"one/two/r.csv", ""},
                                                                         {"one/two/r.jsonl", ""},
                                                                         {"one/two/S.md", ""},
                                                                         {"/abs.mjs", ""}}));
  for (const Problem& problem : reading.problems) EXPECT_EQ(problem.severity, Severity::warning) << to_string(problem);
  const graph::Graph& one = *child_of(reading).body;
  const auto& two = std::get<graph::Subgraph>(one.nodes.at(0).work);
  EXPECT_EQ(child_of(reading).impl, "one/e.yaml");
  EXPECT_EQ(two.impl, "one/two/e.yaml");
  const auto& nodes = two.body->nodes;
  ASSERT_EQ(nodes.size(), 7U);
  EXPECT_EQ(std::get<graph::Tool>(nodes[0].work).impl, "one/two/t.mjs");
  EXPECT_EQ(std::get<graph::Agent>(nodes[1].work).prompt, "one/p.md");
  EXPECT_EQ(std::get<graph::Dataset>(nodes[2].work).source,
            decltype(graph::Dataset::source)(graph::FileSource{"one/two/r.csv", graph::RowFormat::csv}));
  EXPECT_EQ(std::get<graph::Command>(nodes[3].work).workdir, "one/two");
  EXPECT_THAT(nodes[3].sandbox->write, ElementsAre("one/two/out"));
  EXPECT_EQ(std::get<graph::CliAgent>(nodes[4].work).workdir, "one/two/w");
  EXPECT_EQ(std::get<graph::Tool>(graph::leaf(nodes[5]).work).impl, "/abs.mjs");
  EXPECT_EQ(std::get<graph::Each>(nodes[5].work).rows,
            (graph::Dataset{graph::FileSource{"one/two/r.jsonl", graph::RowFormat::jsonl}}));
  EXPECT_EQ(std::get<graph::Skill>(nodes[6].work).impl, "one/two/S.md");
  EXPECT_THAT(two.body->runtime.sandbox->write, ElementsAre("one/two"));
}

TEST(Children, AreReadOnce) {
  int reads = 0;
  Files files = files_in_memory({{"c.yaml", including("gone.yaml")}, {"sub/x.yaml", ""}});
  files.read = [&reads, read = files.read](const std::string& path) {
    ++reads;
    return read(path);
  };
  std::string nodes;
  for (int i = 0; i < 200; ++i) nodes += fmt::format("  - {{id: n{}, kind: experience, impl: ./c.yaml}}\n", i);
  EXPECT_THAT(problems_in(with_nodes(nodes), files),
              ElementsAre("c.yaml:7:37: /graph/nodes/0/impl: the file 'gone.yaml' does not exist (included by w:6:38); "
                          "paths start at the folder of the workflow file"));
  EXPECT_EQ(reads, 1);
}

TEST(Children, SayWhereTheyStandAndWhoIncludesThem) {
  const Result<Reading> reading =
      read_workflow(including("sub/c.yaml"), "flows/w.yaml",
                    files_in_memory({{"sub/c.yaml",
                                      "name: c\nverion: 0.1.0\nstate: {schema: {}}\ngraph: {nodes: [{id: a, kind: "
                                      "command, run: [x]}], edges: []}\n"}}));
  ASSERT_TRUE(reading);
  std::vector<std::string> lines;
  for (const Problem& problem : reading->problems) lines.push_back(to_string(problem));
  EXPECT_THAT(lines, ElementsAre("flows/sub/c.yaml:1:1: the key 'version' is missing (included by flows/w.yaml:7:37); "
                                 "add 'version: ...'",
                                 "flows/sub/c.yaml:2:1: /verion: unknown key 'verion' (included by flows/w.yaml:7:37); "
                                 "did you mean 'version'?"));
}
TEST(Children, ThatCannotBeReadAreExplained) {
  const auto with = [](const std::string& text) {
    return problems_in(including("c.yaml"), files_in_memory({{"c.yaml", text}}));
  };
  EXPECT_THAT(with("a: [1\n"),
              ElementsAre("w:7:37: /graph/nodes/0/impl: 'c.yaml' cannot be read", HasSubstr("c.yaml:")));
  EXPECT_THAT(
      with("osop_version: '1'\n"),
      ElementsAre(HasSubstr("cannot be read"), HasSubstr("the format OSOP is not read yet (included by w:7:37)")));
}

TEST(Children, CannotIncludeThemselves) {
  EXPECT_THAT(
      problems_in(including("./w"), files_in_memory({{"w", ""}})),
      ElementsAre("w:7:37: /graph/nodes/0/impl: the experience includes itself: w -> w; use a loop to do something "
                  "again"));
  EXPECT_THAT(
      problems_in(including("a.yaml"),
                  files_in_memory({{"a.yaml", including("sub/b.yaml")}, {"sub/b.yaml", including("../a.yaml")}})),
      ElementsAre(testing::AllOf(HasSubstr("sub/b.yaml:7:37"),
                                 HasSubstr("the experience includes itself: w -> a.yaml -> sub/b.yaml -> a.yaml"))));
}
TEST(Children, AreAtMostSixteenDeep) {
  Texts texts;
  for (int i = 1; i < 30; ++i) texts[fmt::format("c{}.yaml", i)] = including(fmt::format("c{}.yaml", i + 1));
  texts["c30.yaml"] = workflow("", "  - {id: w, kind: command, run: [echo]}\n");
  EXPECT_THAT(problems_in(including("c1.yaml"), files_in_memory(texts)),
              ElementsAre(testing::AllOf(HasSubstr("c16.yaml:7:37"), HasSubstr("more than 16 experiences inside"))));
  EXPECT_THAT(problems_in(including("c15.yaml"), files_in_memory(texts)), IsEmpty());
}
TEST(Children, CannotMultiplyWithoutEnd) {
  std::string small, large;
  for (int i = 0; i < 500; ++i) {
    small += fmt::format("  - {{id: n{}, kind: command, run: [x]}}\n", i);
    large += fmt::format("  - {{id: n{}, kind: experience, impl: c.yaml}}\n", i);
  }
  EXPECT_THAT(problems_in(workflow("", large), files_in_memory({{"c.yaml", workflow("", small)}})),
              testing::Contains(HasSubstr("more than 200000 nodes")));
}

TEST(Children, AreHeldToTheirInputs) {
  EXPECT_THAT(problems_over_child("writes: [y], outputs: {y: summary}", kChild),
              ElementsAre("w:6:5: /graph/nodes/0: c.yaml needs the input 'topic'; add 'args: {topic: ...}'"));
  EXPECT_THAT(
      problems_over_child("args: {topic: 7, size: ten, sise: 3}", kChild),
      ElementsAre("w:6:59: /graph/nodes/0/args/topic: the input 'topic' of c.yaml is declared as string, found 7",
                  "w:6:68: /graph/nodes/0/args/size: the input 'size' of c.yaml is declared as number, found "
                  "\"ten\"",
                  "w:6:79: /graph/nodes/0/args/sise: c.yaml has no input 'sise'; did you mean 'size'?"));
  EXPECT_THAT(problems_over_child("reads: [x], args: {topic: $.x, size: '{{x}}'}", kChild),
              testing::Each(HasSubstr("warning")));
  EXPECT_THAT(problems_over_child("args: {anything: 1}", workflow("", "  - {id: w, kind: command, run: [echo]}\n")),
              IsEmpty());
}
TEST(Children, AreHeldToTheirOutputs) {
  EXPECT_THAT(problems_over_child("args: {topic: t}, writes: [y]", kChild),
              ElementsAre("w:6:72: /graph/nodes/0/writes/0: c.yaml has no output 'y'; it has summary"));
  EXPECT_THAT(problems_over_child("args: {topic: t}, outputs: {y: sumary}", kChild),
              ElementsAre("w:6:76: /graph/nodes/0/outputs/y: c.yaml has no output 'sumary'; did you mean 'summary'?"));
  EXPECT_THAT(problems_over_child("args: {topic: t}, outputs: {y: summary}, writes: [x]", kChild),
              ElementsAre("w:6:95: /graph/nodes/0/writes/0: 'outputs' of 'n' does not say what goes into 'x'; add 'x: "
                          "<output of c.yaml>' to outputs"));
  EXPECT_THAT(
      problems_over_child("writes: [x]", workflow("x: {}", "  - {id: w, kind: command, run: [echo], writes: [x]}\n")),
      IsEmpty());
}
TEST(Children, WriteWhatTheirOutputsGoInto) {
  EXPECT_THAT(over_child("args: {topic: t}, outputs: {y: summary}", kChild).graph.nodes[0].writes, ElementsAre("y"));
}
TEST(Children, ThatShareTheStateNeedItsFields) {
  const std::string child = workflow(
      "x: {}, q: {}, r: {}", "  - {id: w, kind: command, run: [echo], output: json, reads: [x], writes: [q, r]}\n");
  EXPECT_THAT(
      problems_over_child("state_scope: shared", child),
      testing::Contains("w:6:58: /graph/nodes/0/state_scope: c.yaml shares its state, but here there is no q, r; "
                        "declare it under state.schema, or use 'state_scope: isolated'"));
  const Reading reading =
      over_child("state_scope: shared",
                 workflow("x: {}, y: {}", "  - {id: w, kind: command, run: [echo], reads: [x], writes: [y]}\n"));
  EXPECT_TRUE(reading.usable());
  EXPECT_THAT(reading.graph.nodes[0].reads, ElementsAre("x"));
  EXPECT_THAT(reading.graph.nodes[0].writes, ElementsAre("y"));
}

}  // namespace
}  // namespace oe::formats
