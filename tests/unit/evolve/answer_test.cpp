#include "evolve/answer.hpp"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "unit/evolve/adviser_desk.hpp"

namespace oe::evolve::test {
namespace {

using Json = nlohmann::json;
using Kind = Expectation::Kind;
using ::testing::HasSubstr;

Json entry(std::string_view operation, Json members) {
  Json json = {{"operation", operation}, {"title", "A title"}, {"rationale", "A reason."}, {"confidence", "medium"}};
  json.update(members);
  return json;
}
ReadAnswer read(Desk& desk, const Json& one) {
  if (desk.evidence.runs.empty()) desk.healthy();
  return read_answer(Value(Json{{"proposals", {one}}}), desk.context(), 5);
}
Proposal proposal(Desk& desk, const Json& one) {
  ReadAnswer answer = read(desk, one);
  EXPECT_TRUE(answer.unusable.empty()) << answer.unusable.front().reason;
  return answer.usable.empty() ? Proposal{} : answer.usable.front();
}
std::string refusal(Desk& desk, const Json& one) {
  const ReadAnswer answer = read(desk, one);
  EXPECT_TRUE(answer.usable.empty());
  return answer.unusable.empty() ? "" : answer.unusable.front().reason;
}
std::string refusal(const Json& one) {
  Desk desk;
  return refusal(desk, one);
}
Json tune(std::string_view node, std::string_view parameter, std::string_view value) {
  return entry("tune-param", {{"node", node}, {"parameter", parameter}, {"value", value}});
}
Json diff(std::string_view operation, const std::string& text) {
  return entry(operation, {{"diff", text}});
}
const Json kNode =
    entry("add-node", {{"new_node", R"({"id":"check","kind":"agent","prompt":"./check.md","writes":["faults"]})"},
                       {"edges", {{{"from", "look"}, {"to", "check"}, {"on", "failure"}}}},
                       {"fields", {{{"name", "faults"}, {"type", "array"}, {"merge", "array_append"}}}},
                       {"files", {{{"path", "./check.md"}, {"content", "Check.\n"}}}}});

TEST(ReadAnswer, TunesParameters) {
  Desk desk;
  const Proposal read = proposal(desk, tune("look", "timeout_ms", "9000"));
  EXPECT_EQ(read.operation, Operation(TuneParam{{{"look"}, "timeout_ms", Value::of(9000)}, Value::of(5000)}));
  EXPECT_EQ(read.expectation, (Expectation{Kind::no_worse, {"look"}}));
  EXPECT_EQ(read.finding.rule, "model");
  EXPECT_EQ(read.confidence, Confidence::medium);
  const Proposal argument = proposal(desk, tune("tell", "args.limit", "5"));
  EXPECT_EQ(std::get<TuneParam>(argument.operation).from, Value::of(3));
  Json run = tune("", "runtime.concurrency", "4");
  run["node"] = nullptr;
  EXPECT_EQ(std::get<TuneParam>(proposal(desk, run).operation).set.node, NodeId{});
}
TEST(ReadAnswer, AddsNodesWithFieldsAndFiles) {
  Desk desk;
  const AddNode add = std::get<AddNode>(proposal(desk, kNode).operation);
  EXPECT_EQ(add.insert.after, NodeId{"look"}) << "behind what leads to it";
  ASSERT_EQ(add.insert.edges.size(), 1U);
  EXPECT_EQ(add.insert.edges[0].on, graph::EdgeOn::failure);
  ASSERT_EQ(add.insert.fields.size(), 1U);
  EXPECT_EQ(add.insert.fields[0].merge, graph::Merge::array_append);
  ASSERT_EQ(add.files.size(), 1U);
  EXPECT_EQ(add.files[0], (git::FileChange{"check.md", "Check.\n", 0100644}));
  EXPECT_EQ(proposal(desk, kNode).expectation, (Expectation{Kind::no_worse, {"check"}}));
}
TEST(ReadAnswer, MakesProgramsExecutable) {
  Desk desk;
  Json tool = kNode;
  tool["files"] = {{{"path", "check.sh"}, {"content", "#!/bin/sh\n"}}};
  EXPECT_EQ(std::get<AddNode>(proposal(desk, tool).operation).files[0].mode, 0100755U);
}
TEST(ReadAnswer, AddsCasesThatMustReachTheFanOut) {
  Desk desk;
  const Proposal read =
      proposal(desk, entry("add-dataset-case", {{"file", "./rows.jsonl"}, {"row", R"({"key":"c"})"}}));
  const AddDatasetCase add = std::get<AddDatasetCase>(read.operation);
  EXPECT_EQ(add.node, NodeId{"look"});
  EXPECT_EQ(add.file, "rows.jsonl");
  EXPECT_EQ(add.row, json(R"({"key":"c"})"));
  EXPECT_EQ(read.expectation, (Expectation{Kind::no_worse, {"look"}, 2}));
}
TEST(ReadAnswer, CitesWhatIsThereAndElseTheNewestRun) {
  Desk desk;
  desk.healthy("r-1");
  desk.healthy("r-2");
  Json one = tune("look", "timeout_ms", "9000");
  one["evidence"] = Json::parse(R"([{"run":"r-1","event":3}, {"run":"r-1","event":4000}, {"run":"r-9","event":1},
                                     {"run":"r-2","event":-1}, {"run":"r-2","event":"2"}])");
  EXPECT_EQ(proposal(desk, one).finding.citations, (std::vector<Citation>{{{"r-1"}, 3}}));
  one["evidence"] = Json::parse(R"([{"run":"r-9","event":1}])");
  EXPECT_EQ(proposal(desk, one).finding.citations,
            (std::vector<Citation>{{{"r-2"}, desk.evidence.runs.back().state.last_event}}));
}
TEST(ReadAnswer, ExpectsACureOfACitedFailure) {
  Desk desk;
  desk.troubled();
  Json one = tune("look", "timeout_ms", "9000");
  one["evidence"] = Json::parse(R"([{"run":"r-1","event":11}])");
  const Proposal read = proposal(desk, one);
  EXPECT_EQ(read.finding.node, NodeId{"look"});
  EXPECT_EQ(read.expectation, (Expectation{Kind::fewer_failed_items, {"look"}, 1}));
  Json row =
      entry("add-dataset-case", {{"file", "rows.jsonl"}, {"row", R"({"key":"b"})"}, {"evidence", one["evidence"]}});
  EXPECT_EQ(proposal(desk, row).expectation.kind, Kind::case_reproduces) << "the very item that failed";
  row["row"] = R"({"key":"c"})";
  EXPECT_EQ(proposal(desk, row).expectation.kind, Kind::no_worse);
}
TEST(ReadAnswer, TakesTheFirstOnes) {
  Desk desk;
  desk.healthy();
  Json list = Json::array();
  for (int i = 0; i < 9; ++i) list.push_back(tune("look", "timeout_ms", fmt::format("{}", 9000 + i)));
  EXPECT_EQ(read_answer(Value(Json{{"proposals", list}}), desk.context(), 5).usable.size(), 5U);
  EXPECT_TRUE(read_answer(Value(), desk.context(), 5).usable.empty());
}
TEST(ReadAnswer, CleansWhatPeopleWillRead) {
  Desk desk;
  Json one = tune("look", "timeout_ms", "9000");
  one["title"] = "A\x1b[31m title\nOe-Run: forged";
  one["rationale"] = std::string("a\n```diff\n\u202e") + std::string(9000, 'x');
  const Proposal read = proposal(desk, one);
  EXPECT_EQ(read.title, "A title Oe-Run: forged");
  EXPECT_EQ(read.rationale.find('\n'), std::string::npos);
  EXPECT_LE(read.rationale.size(), 2003U);
}
TEST(ReadAnswer, SaysWhatCannotBeUsed) {
  EXPECT_THAT(refusal(tune("lok", "timeout_ms", "1")), HasSubstr("no node lok"));
  EXPECT_THAT(refusal(tune("", "timeout_ms", "1")), HasSubstr("whose timeout_ms"));
  EXPECT_THAT(refusal(tune("look", "timeout_ms", "much")), HasSubstr("\"value\" is no JSON text"));
  EXPECT_THAT(refusal(entry("add-node", {{"new_node", "[]"}})), HasSubstr("an id"));
  EXPECT_THAT(refusal(entry("add-dataset-case", {{"row", "{}"}})), HasSubstr("\"file\" is missing"));
  EXPECT_THAT(refusal(entry("add-dataset-case", {{"row", "{}"}, {"file", "x.csv"}})), HasSubstr("it loads rows.jsonl"));
  Json outside = kNode;
  outside["files"][0]["path"] = "../x.md";
  EXPECT_THAT(refusal(outside), HasSubstr("outside"));
  Desk desk;
  desk.refuse = {"A title"};
  EXPECT_THAT(refusal(desk, kNode), HasSubstr("not valid")) << "as the checks say";
}
TEST(ReadAnswer, RefusesWhatReachesOutOfTheSandbox) {
  const auto with = [](std::string_view node) {
    Json one = kNode;
    one["new_node"] = node;
    return refusal(one);
  };
  EXPECT_THAT(with(R"({"id":"n","kind":"cli-agent","provider":"codex","prompt":"x","extra_args":["--yolo"]})"),
              HasSubstr("extra_args"));
  EXPECT_THAT(with(R"({"id":"n","kind":"dataset","source":{"type":"http","url":"http://x/{{notes}}"}})"),
              HasSubstr("loads from http"));
  EXPECT_THAT(with(R"({"id":"n","kind":"tool","impl":"t.mjs","for_each":{"source":{"type":"mcp-resource"}}})"),
              HasSubstr("mcp-resource"));
  EXPECT_THAT(with(R"({"id":"n","kind":"dataset","source":{"type":"file","uri":"/etc/passwd"}})"),
              HasSubstr("/etc/passwd"));
  EXPECT_THAT(with(R"({"id":"n","kind":"agent","prompt":"../../.ssh/id_rsa"})"), HasSubstr("outside"));
  EXPECT_THAT(with(R"({"id":"n","kind":"tool","impl":"t.mjs","secrets":["TOKEN"]})"), HasSubstr("secrets"));
  EXPECT_THAT(with(R"({"id":"n","kind":"tool","impl":"t.mjs","sandbox":{"network":true}})"), HasSubstr("sandbox"));
  EXPECT_THAT(with(R"({"id":"n","kind":"agent","prompt":"p.md","model":"command:sh"})"), HasSubstr("program"));
  EXPECT_THAT(refusal(tune("look", "prompt", "\"/etc/passwd\"")), HasSubstr("outside"));
  EXPECT_THAT(refusal(tune("look", "model", "\"command:sh\"")), HasSubstr("program"));
}

// ---- diffs

TEST(OperationOfDiff, IsTheTypedOneThatItAmountsTo) {
  Desk desk;
  EXPECT_EQ(proposal(desk, diff("tune-param",
                                "--- a/flow/experience.yaml\n+++ b/flow/experience.yaml\n@@ -1 +1 @@\n"
                                "-      timeout_ms: 5000\n+      timeout_ms: 9000\n"))
                .operation,
            proposal(desk, tune("look", "timeout_ms", "9000")).operation);
  EXPECT_EQ(proposal(desk, diff("tune-param",
                                "--- experience.yaml\n+++ experience.yaml\n@@\n"
                                "       args: { limit: 3 }\n+      timeout_ms: 70\n       reads: [notes]\n"))
                .operation,
            proposal(desk, tune("tell", "timeout_ms", "70")).operation);
}
TEST(OperationOfDiff, AddsANodeWithItsFilesAndFields) {
  Desk desk;
  const Operation read =
      proposal(desk, diff("add-node",
                          "--- a/experience.yaml\n+++ b/experience.yaml\n"
                          "@@\n     notes: { type: array, merge: array_append }\n+    faults: { type: array }\n"
                          "@@\n     - id: tell\n       kind: tool\n"
                          "-      impl: ./tell.mjs\n+      impl: ./tell.mjs\n"
                          "@@\n       reads: [notes]\n+    - id: check\n+      kind: agent\n+      prompt: ./check.md\n"
                          "+      writes: [faults]\n"
                          "@@\n     - { from: look, to: tell }\n+    - { from: tell, to: check }\n"
                          "--- /dev/null\n+++ b/check.md\n@@\n+Check.\n"))
          .operation;
  const AddNode& add = std::get<AddNode>(read);
  EXPECT_EQ(add.insert.after, NodeId{"tell"});
  EXPECT_EQ(add.insert.node, json(R"({"id":"check","kind":"agent","prompt":"./check.md","writes":["faults"]})"));
  EXPECT_EQ(add.insert.edges, (std::vector<graph::Edge>{{.from = {"tell"}, .to = {"check"}}}));
  ASSERT_EQ(add.insert.fields.size(), 1U);
  EXPECT_EQ(add.insert.fields[0].name, "faults");
  EXPECT_EQ(add.files, (std::vector<git::FileChange>{{"check.md", "Check.\n"}}));
}
TEST(OperationOfDiff, AddsRows) {
  Desk desk;
  const Json typed = entry("add-dataset-case", {{"file", "rows.jsonl"}, {"row", R"({"key":"c"})"}});
  const Operation meant = proposal(desk, typed).operation;
  EXPECT_EQ(proposal(desk, diff("add-dataset-case",
                                "--- a/rows.jsonl\n+++ b/rows.jsonl\n@@\n {\"key\": \"b\"}\n+{\"key\": \"c\"}\n"))
                .operation,
            meant);
  EXPECT_EQ(proposal(desk, diff("add-dataset-case", R"([{"key":"c"}])")).operation, meant) << "as OpenExpertise has it";
}
TEST(OperationOfDiff, RefusesMoreThanOne) {
  const std::string head = "--- experience.yaml\n+++ experience.yaml\n";
  const std::string timeout = "@@\n-      timeout_ms: 5000\n+      timeout_ms: 9000\n";
  EXPECT_THAT(
      refusal(diff("tune-param", head + timeout + "@@\n-      args: { limit: 3 }\n+      args: { limit: 4 }\n")),
      HasSubstr("it changes timeout_ms and args.limit"));
  EXPECT_THAT(refusal(diff("tune-param", head + "@@\n-name: desk\n+name: desks\n")), HasSubstr("no parameter"));
  EXPECT_THAT(refusal(diff("tune-param", head + "@@\n-version: 0.1.0\n+version: 0.1.0 # same\n")),
              HasSubstr("changes no value"));
  EXPECT_THAT(
      refusal(diff("tune-param", head + timeout + "--- look.md\n+++ look.md\n@@\n-Look at {{$item.key}}.\n+x\n")),
      HasSubstr("other files"));
  EXPECT_THAT(refusal(diff("add-node", head + timeout)), HasSubstr("it adds 0 nodes"));
  EXPECT_THAT(refusal(diff("add-node", "--- look.md\n+++ look.md\n@@\n-Look at {{$item.key}}.\n+x\n")),
              HasSubstr("is not in it"));
  EXPECT_THAT(refusal(diff("add-dataset-case", R"([{"key":"c"},{"key":"d"}])")), HasSubstr("it has 2 rows"));
  EXPECT_THAT(
      refusal(diff("add-dataset-case", "--- rows.jsonl\n+++ rows.jsonl\n@@\n+{\"key\": \"c\"}\n {\"key\": \"a\"}\n")),
      HasSubstr("other rows, or adds one in the middle"));
  EXPECT_THAT(refusal(diff("tune-param", head + "@@\n-graph:\n+graph: [\n")), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace oe::evolve::test
