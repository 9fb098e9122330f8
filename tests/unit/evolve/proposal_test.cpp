#include "oe/evolve/proposal.hpp"

#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

Proposal tune(std::string name, Value value, std::string node = "scan") {
  Proposal proposal;
  proposal.operation = TuneParam{{{std::move(node)}, std::move(name), std::move(value)}, Value()};
  return proposal;
}
Proposal add_case(std::string_view item, std::string_view error = "boom", std::string file = "cases/scan.jsonl") {
  Proposal proposal;
  const Value row = json(R"({"item":)" + std::string(item) + R"(,"error":")" + std::string(error) + "\"}");
  proposal.operation =
      AddDatasetCase{{"scan"}, std::move(file), graph::RowFormat::jsonl, row, json(item), true, std::string(error)};
  return proposal;
}
Proposal add_node(std::string code, std::string_view node = R"({"id":"check","kind":"tool"})") {
  AddNode add;
  add.insert.after = {"find"};
  add.insert.node = json(node);
  add.insert.edges = {{.from = {"find"}, .to = {"check"}}};
  add.files = {{"tools/check.mjs", std::move(code)}};
  Proposal proposal;
  proposal.operation = add;
  return proposal;
}
Fingerprint of(const Proposal& proposal) {
  return fingerprint(proposal, "experience.yaml");
}

TEST(FingerprintOf, IsASha256) {
  EXPECT_EQ(of(tune("timeout_ms", Value::of(600))).text.size(), 64U);
}
TEST(FingerprintOf, StaysTheSameFromOneVersionOfOeToTheNext) {
  // Rejections are remembered by it: whoever changes what goes into it makes oe forget them all.
  EXPECT_EQ(of(tune("timeout_ms", Value::of(600))).text,
            "bd58d030f29fc47995edc9d2f3dc6afdfa1dae80e9cf8766c2b10869b1a0fe19");
}
TEST(FingerprintOf, DoesNotDependOnTextOrEvidence) {
  Proposal plain = tune("timeout_ms", Value::of(600)), other = plain;
  other.title = "another title";
  other.rationale = "another reason";
  other.confidence = Confidence::high;
  other.finding = {"rule", {"scan"}, "claim", {{{"r-1"}, 3}}};
  other.expectation.before = 7;
  std::get<TuneParam>(other.operation).from = Value::of(300);
  EXPECT_EQ(of(plain), of(other));
}
TEST(FingerprintOf, DiffersByValuePlaceAndWorkflow) {
  const Proposal proposal = tune("timeout_ms", Value::of(600));
  EXPECT_NE(of(proposal), of(tune("timeout_ms", Value::of(601))));
  EXPECT_NE(of(proposal), of(tune("for_each.concurrency", Value::of(600))));
  EXPECT_NE(of(proposal), of(tune("timeout_ms", Value::of(600), "other")));
  EXPECT_NE(of(proposal), fingerprint(proposal, "other/experience.yaml"));
}
TEST(FingerprintOf, TakesNumbersByValueAndObjectsByContent) {
  EXPECT_EQ(of(tune("timeout_ms", Value::of(600))), of(tune("timeout_ms", Value::of(600.0))));
  EXPECT_EQ(of(tune("on_error", json(R"({"policy":"retry","attempts":3})"))),
            of(tune("on_error", json(R"({"attempts":3.0,"policy":"retry"})"))));
  EXPECT_NE(of(tune("x", Value::of(0.5))), of(tune("x", Value::of(0))));
  EXPECT_NE(of(tune("x", json("1e300"))), of(tune("x", json("2e300"))));
}
TEST(FingerprintOf, DoesNotDependOnTheWordingOfAnError) {
  EXPECT_EQ(of(add_case("7", "boom")), of(add_case("7", "bang")));
  EXPECT_NE(of(add_case("7")), of(add_case("8")));
  EXPECT_NE(of(add_case("7")), of(add_case("7", "boom", "cases/other.jsonl")));
}
TEST(FingerprintOf, DoesNotDependOnCommentsAndIndentationOfATool) {
  const Fingerprint plain = of(add_node("const a = 1;\nuse(a);\n"));
  EXPECT_EQ(plain, of(add_node("// why\nconst a = 1;\r\n\n   use(a);")));
  EXPECT_NE(plain, of(add_node("const a = 2;\nuse(a);\n")));
}
TEST(FingerprintOf, DependsOnTheNewNodeAndItsEdges) {
  const Proposal plain = add_node("a");
  EXPECT_NE(of(plain), of(add_node("a", R"({"id":"check","kind":"tool","reads":["x"]})")));
  Proposal conditional = plain;
  std::get<AddNode>(conditional.operation).insert.edges[0].when = "$.x";
  EXPECT_NE(of(plain), of(conditional));
}
TEST(FingerprintOf, DoesNotDependOnWhereAnEdgeWasWritten) {
  const Proposal plain = add_node("a");
  Proposal moved = plain;
  std::get<AddNode>(moved.operation).insert.edges[0].where.line = 7;
  EXPECT_EQ(of(plain), of(moved));
}

TEST(TargetName, NamesTheNodeTheRunOrTheFile) {
  EXPECT_EQ(target_name(tune("timeout_ms", Value()).operation), "scan");
  EXPECT_EQ(target_name(tune("runtime.concurrency", Value(), "").operation), "runtime");
  EXPECT_EQ(target_name(add_node("a").operation), "check");
  EXPECT_EQ(target_name(add_case("7").operation), "cases-scan.jsonl");
}
TEST(TargetName, IsFitForABranch) {
  const auto named = [](std::string file) { return target_name(add_case("7", "x", std::move(file)).operation); };
  EXPECT_EQ(named("a b/c~d^e:f.csv"), "a-b-c-d-e-f.csv");
  EXPECT_EQ(named("../x..y"), "x.y");
  EXPECT_EQ(named("./.hidden"), "hidden");
  EXPECT_EQ(named("-f"), "f");
  EXPECT_EQ(named("refs.lock"), "refs-lock");
  EXPECT_EQ(named("dir/end."), "dir-end");
  EXPECT_EQ(named("d\u00e4ten/\u65e5.json"), "d-ten-.json");
  EXPECT_EQ(named("\u65e5"), "workflow");
  EXPECT_EQ(named(""), "workflow");
  EXPECT_EQ(named("@{x"), "x");
}

TEST(OperationName, IsTheWordOfTheSeed) {
  EXPECT_EQ(operation_name(tune("a", Value()).operation), "tune-param");
  EXPECT_EQ(operation_name(add_node("a").operation), "add-node");
  EXPECT_EQ(operation_name(add_case("7").operation), "add-dataset-case");
}
TEST(ToValue, TellsEverythingThatAReaderNeeds) {
  EXPECT_EQ(to_value(tune("timeout_ms", Value::of(600)).operation),
            json(R"({"operation":"tune-param","node":"scan","name":"timeout_ms","value":600,"from":null})"));
  EXPECT_EQ(to_value(add_case("7").operation),
            json(R"({"operation":"add-dataset-case","node":"scan","file":"cases/scan.jsonl","format":"jsonl",
                     "row":{"item":7,"error":"boom"},"item":7,"is_wrapped":true,"error":"boom"})"));
  EXPECT_EQ(to_value(add_node("a").operation),
            json(R"({"operation":"add-node","after":"find","node":{"id":"check","kind":"tool"},
                     "edges":[{"from":"find","to":"check"}],"files":[{"path":"tools/check.mjs","bytes":"a"}]})"));
}
TEST(ConfidenceWords, AreLowMediumHigh) {
  EXPECT_EQ(to_string(Confidence::low), "low");
  EXPECT_EQ(to_string(Confidence::medium), "medium");
  EXPECT_EQ(to_string(Confidence::high), "high");
}

}  // namespace
}  // namespace oe::evolve::test
