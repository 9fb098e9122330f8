#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oe/evolve/proof.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::evolve {
namespace {

using git::error_of;
using git::must;
using ::testing::HasSubstr;

Operation added_node() {
  AddNode add;
  add.insert = {.after = {"load"},
                .node = must(Value::parse(R"({"id":"check","kind":"command","run":["sh","c.sh"]})")),
                .edges = {{.from = {"load"}, .to = {"check"}, .on = graph::EdgeOn::failure, .when = "x > 1"},
                          {.from = {"check"}, .to = {"end"}, .otherwise = true}},
                .fields = {{.name = "found", .type = graph::FieldType::array, .merge = graph::Merge::array_append,
                            .description = "what"}}};
  add.files = {{.path = "c.sh", .bytes = "#!/bin/sh\n", .mode = 0100755}, {.path = "p.md", .bytes = ""}};
  return add;
}

Operation added_case() {
  return AddDatasetCase{.node = {"shout"},
                        .file = "cases/shout.csv",
                        .format = graph::RowFormat::csv,
                        .row = Value::of("a"),
                        .item = Value::of(1),
                        .is_wrapped = true,
                        .error = "it broke"};
}

PairsShown seven_wins() {
  PairsShown shown{.metrics = {{.name = "success", .direction = Direction::higher, .role = Role::goal,
                                .scale = Scale::yes_no},
                               {.name = "cost", .margin = 0.1, .unit = "$"}}};
  for (int i = 0; i < 7; ++i)
    shown.pairs.push_back({.case_name = "r-1", .is_holdout = i == 3, .base = {0.0, {}}, .candidate = {1.0, 1.0 / 3}});
  return shown;
}

Proof proof_of(Operation operation, Shown shown) {
  return {.fingerprint = {"f0"}, .workflow = "flows/experience.yaml", .base = {"b0"}, .tree = {"70"},
          .operation = std::move(operation), .expectation = {Expectation::Kind::fewer_failed_items, {"n"}, 7},
          .shown = std::move(shown), .effect = "it is \u00e9", .runs = {{{"r-1"}, "5a"}}, .machine = "Linux"};
}

TEST(Proof, ComesBackAsItWasWritten) {
  const Operation tune = TuneParam{{{"n"}, "timeout_ms", Value::of(2)}, Value::of(1)};
  for (const Operation& operation : {tune, added_node(), added_case()}) {
    const Proof pairs = proof_of(operation, seven_wins());
    EXPECT_EQ(must(parse_proof(to_json_text(pairs))), pairs) << to_json_text(pairs);
    const Proof failures = proof_of(operation, FailuresShown{0.01, {"one", "two"}});
    EXPECT_EQ(must(parse_proof(to_json_text(failures))), failures);
  }
}

// Whatever of it is lost, it is an error and never another proof.
TEST(Proof, CutAtAnyByteIsNone) {
  const std::string text = to_json_text(proof_of(added_node(), seven_wins()));
  for (std::size_t end = 0; end + 2 < text.size(); ++end) EXPECT_FALSE(parse_proof(text.substr(0, end))) << end;
}

TEST(Proof, SaysWhichMemberIsWrong) {
  std::string text = to_json_text(proof_of(added_case(), seven_wins()));
  EXPECT_THAT(error_of(parse_proof(text.replace(text.find("\"goal\""), 6, "\"boss\""))), HasSubstr("boss"));
  EXPECT_THAT(error_of(parse_proof("{\"v\":1}")), HasSubstr("fingerprint"));
  EXPECT_THAT(error_of(parse_proof("{\"v\":2}")), HasSubstr("another version"));
}

TEST(Proof, OfAPairWithTooFewValuesIsNone) {
  PairsShown shown = seven_wins();
  shown.pairs[2].base.pop_back();
  EXPECT_THAT(error_of(parse_proof(to_json_text(proof_of(added_case(), shown)))), HasSubstr("each metric"));
}

TEST(Effect, FollowsFromThePairsAlone) {
  const std::string effect = must(effect_of(seven_wins(), added_node()));
  EXPECT_THAT(effect, HasSubstr("success 0/7 -> 7/7"));
  PairsShown fewer = seven_wins();
  fewer.pairs.resize(3);
  EXPECT_THAT(error_of(effect_of(fewer, added_node())), HasSubstr("3 wins"));
}

TEST(Effect, OfACaseTakesAsManyFailuresAsAlphaAsks) {
  EXPECT_EQ(failures_needed(0.05), 5U);
  EXPECT_EQ(failures_needed(0.01), 7U);
  FailuresShown shown{0.05, std::vector<std::string>(5, "it broke")};
  EXPECT_EQ(must(effect_of(shown, added_case())), "the case makes shout fail, 5 times of 5: it broke");
  shown.errors.pop_back();
  EXPECT_FALSE(effect_of(shown, added_case()));
  EXPECT_FALSE(effect_of(FailuresShown{0.05, std::vector<std::string>(9, "x")}, added_node()));
}

}  // namespace
}  // namespace oe::evolve
