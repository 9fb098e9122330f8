#include "attempts.hpp"

namespace oe::exec {
namespace {

using ledger::Outcome;
using testing::HasSubstr;

/// A human who is there, and answers when the test says so.
class ScriptedAsker final : public Asker {
 public:
  std::optional<std::uint64_t> ask(const NodeId&, const ledger::Question& question,
                                   std::function<void(std::optional<ledger::NodeAnswered>)> answer) override {
    if (!is_there) return std::nullopt;
    questions.push_back(question);
    answers.push_back(std::move(answer));
    return questions.size();
  }
  void withdraw(std::uint64_t question) override { withdrawn.push_back(question); }

  bool is_there = true;
  std::vector<ledger::Question> questions;
  std::vector<std::function<void(std::optional<ledger::NodeAnswered>)>> answers;
  std::vector<std::uint64_t> withdrawn;
};

class HumanExecutor : public AttemptsTest {
 protected:
  void SetUp() override { executor = make_human_executor({loop, processes, {}, &asker}); }

  Attempt& prepare_question(graph::Human human, std::string_view input = "{}") {
    Attempt& attempt = prepare(std::move(human), input);
    attempt.node.writes = {"verdict"};
    return attempt;
  }
  void answer_soon(Value value, const std::string& who = "Ada <ada@x>") {
    loop.post([this, value, who] { asker.answers.back()(ledger::NodeAnswered{.answer = value, .who = who}); });
  }

  ScriptedAsker asker;
};

TEST_F(HumanExecutor, WithoutAnybodyToAskItWaitsWithTheQuestionFilledIn) {
  asker.is_there = false;
  graph::Human human{.ask = graph::Human::Ask::choose,
                     .question = "Ship {{name}}?",
                     .choices = {"now", "later"},
                     .otherwise = Value::of("later")};
  const AttemptReport& report = run(prepare_question(human, R"({"_state":{"name":"1.2"}})"));
  EXPECT_EQ(report.outcome, Outcome::waiting);
  EXPECT_EQ(report.question->kind, "choose");
  EXPECT_EQ(report.question->text, "Ship 1.2?");
  EXPECT_EQ(report.question->choices, (std::vector<std::string>{"now", "later"}));
  EXPECT_EQ(report.question->otherwise, Value::of("later"));
}

TEST_F(HumanExecutor, AnUnsetPlaceholderFailsByName) {
  EXPECT_THAT(run(prepare_question({.question = "Ship {{nane}}?"}, R"({"name":1})")).error, HasSubstr("{{nane}}"));
}

TEST_F(HumanExecutor, AnAnswerOnTheSpotEndsTheNodeAndIsReported) {
  Attempt& attempt = prepare_question({.question = "Sure?"});
  start(attempt);
  answer_soon(Value::of(true));
  finish();
  EXPECT_EQ(attempt.result().outcome, Outcome::succeeded);
  EXPECT_EQ(attempt.delta("verdict"), "true");
  EXPECT_EQ(attempt.result().answer->who, "Ada <ada@x>");
  EXPECT_EQ(attempt.result().question->text, "Sure?");
}

TEST_F(HumanExecutor, ARejectionSaysByWhom) {
  Attempt& attempt = prepare_question({.question = "Sure?"});
  start(attempt);
  answer_soon(Value::of(false));
  finish();
  EXPECT_EQ(attempt.result().outcome, Outcome::failed);
  EXPECT_EQ(attempt.result().error, "rejected by Ada <ada@x>");
}

TEST_F(HumanExecutor, WhoPutsItOffMakesItWait) {
  Attempt& attempt = prepare_question({.question = "Sure?"});
  start(attempt);
  loop.post([this] { asker.answers.back()(std::nullopt); });
  finish();
  EXPECT_EQ(attempt.result().outcome, Outcome::waiting);
}

TEST_F(HumanExecutor, ACancelOrATimeoutTakesTheQuestionBack) {
  Attempt& first = prepare_question({.question = "One?"});
  Attempt& second = prepare_question({.question = "Two?"});
  second.spec.timeout = std::chrono::milliseconds(20);
  start(first);
  start(second);
  executor->cancel(first.handle);
  executor->cancel(first.handle);
  finish();
  EXPECT_EQ(first.result().outcome, Outcome::cancelled);
  EXPECT_EQ(second.result().outcome, Outcome::timed_out);
  EXPECT_EQ(asker.withdrawn, (std::vector<std::uint64_t>{1, 2}));
  asker.answers.front()(ledger::NodeAnswered{.answer = Value::of(true)});  // too late: nothing happens
}

AttemptReport answer_to(ledger::Question question, std::string_view json, std::vector<std::string> writes = {"x"}) {
  graph::Node node{.id = {"n"}, .writes = std::move(writes)};
  return answered(node, question, Value::parse(json).value());
}

TEST(Answered, ApprovalTakesTrueAndFalseOnly) {
  EXPECT_EQ(answer_to({.kind = "approve"}, "true").state_delta.at("x"), Value::of(true));
  EXPECT_TRUE(answer_to({.kind = "approve"}, "true", {}).state_delta.empty());
  EXPECT_EQ(answer_to({.kind = "approve"}, "false").error, "rejected");
  EXPECT_THAT(answer_to({.kind = "approve"}, "\"yes\"").error, HasSubstr("true or false"));
}

TEST(Answered, AChoiceHasToBeOneOfThem) {
  const ledger::Question question{.kind = "choose", .choices = {"now", "later"}};
  EXPECT_EQ(answer_to(question, "\"now\"").state_delta.at("x"), Value::of("now"));
  EXPECT_THAT(answer_to(question, "\"latr\"").error,
              testing::AllOf(HasSubstr("none of the choices"), HasSubstr("later")));
}

TEST(Answered, AFormIsCheckedFieldByField) {
  const ledger::Question question{.kind = "form",
                                  .schema = Value::parse(R"({"properties": {
      "n": {"type": "integer"}, "size": {"enum": ["s", "m"]}, "note": {"type": ["string", "null"]}},
      "required": ["n"]})")
                                                .value()};
  EXPECT_EQ(answer_to(question, R"({"n":1,"note":null})").state_delta.at("x").dump(), R"({"n":1,"note":null})");
  const AttemptReport several = answer_to(question, R"({"n":1,"size":"m"})", {"n", "size", "other"});
  EXPECT_EQ(several.state_delta.size(), 2U);
  EXPECT_EQ(several.state_delta.at("size"), Value::of("m"));
  EXPECT_THAT(answer_to(question, "{}").error, HasSubstr("field 'n' is missing"));
  EXPECT_THAT(answer_to(question, R"({"n":"1"})").error, HasSubstr("field 'n' has to be of type integer"));
  EXPECT_THAT(answer_to(question, R"({"n":1,"size":"xl"})").error, HasSubstr("field 'size' has to be one of"));
  EXPECT_THAT(answer_to(question, R"({"n":1,"sise":"m"})").error, HasSubstr("no field 'sise'"));
  EXPECT_THAT(answer_to(question, "[]").error, HasSubstr("object"));
}

TEST(SpendOf, AddsTokensAndKnowsNothingFromNothing) {
  const Spend spend = spend_of(Value::parse(R"({"tokens_in":10,"tokens_out":5,"cost_usd":0.25})").value());
  EXPECT_EQ(spend.tokens, 15U);
  EXPECT_EQ(spend.usd, 0.25);
  EXPECT_FALSE(spend_of(std::nullopt).tokens);
  EXPECT_FALSE(spend_of(Value::parse(R"({"tokens_in":"many","cost_usd":-1})").value()).usd);
}

}  // namespace
}  // namespace oe::exec
