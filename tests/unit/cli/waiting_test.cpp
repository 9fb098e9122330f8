#include "cli/waiting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace oe::cli {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;

ledger::At at(std::string node, std::vector<std::uint64_t> scope = {}, std::optional<std::uint64_t> index = {}) {
  return {.node = {std::move(node)}, .index = index, .scope = std::move(scope)};
}
ledger::NodeWaiting waits(ledger::At place, std::string kind = "approve") {
  return {std::move(place), {.kind = std::move(kind), .text = "Ship it?", .choices = {"to here", "there"}}};
}
std::vector<std::string> labels(const OpenQuestions& questions) {
  std::vector<std::string> labels;
  for (const OpenQuestion& open : questions.list()) labels.push_back(label_of(open.at));
  return labels;
}

TEST(OpenQuestions, AreThoseThatNobodyHasAnswered) {
  OpenQuestions open;
  for (const char* node : {"z", "a", "m", "b"}) open.add(waits(at(node)));
  open.add(ledger::NodeAnswered{.at = at("a")});
  open.add(ledger::NodeFinished{.at = at("m")});
  open.add(ledger::NodeFailed{.at = at("b")});
  EXPECT_EQ(labels(open), std::vector<std::string>{"z"});
}
TEST(OpenQuestions, KeepTheirOrderWhenTheyAreAskedAgain) {
  OpenQuestions open;
  open.add(waits(at("z")));
  open.add(waits(at("a", {2})));
  open.add(waits(at("z")));
  EXPECT_EQ(labels(open), (std::vector<std::string>{"z", "a[2]"}));
}
TEST(OpenQuestions, AreToldApartByRoundAndItem) {
  OpenQuestions open;
  open.add(waits(at("a", {0, 1})));
  open.add(waits(at("a", {0, 2}, 5)));
  open.add(ledger::NodeAnswered{.at = at("a", {0, 1})});
  EXPECT_EQ(labels(open), std::vector<std::string>{"a[0,2]"});
}
TEST(FindQuestion, NeedsNoMoreThanTellsThemApart) {
  OpenQuestions questions;
  questions.add(waits(at("a", {0})));
  questions.add(waits(at("a", {1})));
  questions.add(waits(at("b")));
  const auto open = questions.list();
  const RunId run{"r-1"};
  EXPECT_EQ(find_question(open, {.node = "b"}, run)->at, at("b"));
  EXPECT_EQ(find_question(open, {.node = "a", .scope = {{1}}}, run)->at, at("a", {1}));
  const auto both = find_question(open, {.node = "a"}, run);
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().kind(), ErrorKind::usage);
  EXPECT_THAT(both.error().hint(), HasSubstr("oe answer r-1 a --scope 1 --approve"));
  const auto none = find_question(open, {.node = "c"}, run);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind(), ErrorKind::input);
  EXPECT_THAT(none.error().hint(), HasSubstr("a, b"));
}
TEST(AnswerLine, CanBeTypedAsItStands) {
  const RunId run{"r-1"};
  EXPECT_THAT(answer_line(run, {at("a"), waits(at("a")).question}), Eq("oe answer r-1 a --approve"));
  EXPECT_EQ(answer_line(run, {at("x/a", {2, 0}, 7), waits({}, "choose").question}),
            "oe answer r-1 x/a --scope 2,0 --item 7 --choose 'to here'");
  const ledger::Question form{.kind = "form", .schema = *Value::parse(R"({"properties":{"b":{},"a":{}}})")};
  EXPECT_EQ(answer_line(run, {at("a"), form}), "oe answer r-1 a --set a=... --set b=...");
}

}  // namespace
}  // namespace oe::cli
