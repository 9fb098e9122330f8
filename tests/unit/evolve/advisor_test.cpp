#include "oe/evolve/advisor.hpp"

#include <fmt/core.h>

#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/scripted_models.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using Fate = Judged::Fate;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kFirst = "evolve/advise#1";
constexpr const char* kSecond = "evolve/advise#2";

std::string one(std::string_view members) {
  return fmt::format(R"({{"proposals":[{{"title":"A title","rationale":"A reason.","confidence":"high",{}}}]}})",
                     members);
}
std::string row_of(std::string_view word) {
  return one(fmt::format(
      R"("operation":"add-dataset-case","file":"words.jsonl","row":"{{\"word\":\"{}\",\"by\":\"d\"}}")", word));
}

/// The letters workshop, with a model behind it.
class ModelAdvice : public ::testing::Test {
 protected:
  ModelAdvice() { workshop_.run_twice(); }

  Result<EvolveReport> evolved(EvolveOptions options) {
    workshop_.reopen();
    workshop_.trust_base();
    options.sandbox = options.sandbox && exec::sandbox_works().has_value();
    EvolveContext context = workshop_.context();
    if (has_models_) context.models = scripted(script_);
    context.progress = [this](const std::string& line) { said_.push_back(line); };
    return evolve(context, options);
  }
  /// From here on nothing fails by chance in a fresh worktree.
  void calm() {
    workshop_.repo.write("flows/tools/fetch.sh", "true\n");
    workshop_.repo.commit("calm");
  }
  EvolveReport with(AdvisorChoice advisor) { return must(evolved({.advisor = advisor})); }
  const std::string& prompt() const { return script_.asked.front().second.turns.front().text; }
  static std::vector<std::string> operations(const EvolveReport& report) {
    std::vector<std::string> names;
    for (const Judged& judged : report.proposals) names.emplace_back(operation_name(judged.proposal.operation));
    return names;
  }

  Workshop workshop_;
  Script script_;
  bool has_models_ = true;
  std::vector<std::string> said_;
};

TEST_F(ModelAdvice, GoesTheSameWayAsThatOfTheRules) {
  calm();
  script_.say(kFirst, row_of("delta"));
  const EvolveReport report = with(AdvisorChoice::llm);
  ASSERT_EQ(report.proposals.size(), 1U);
  const Judged& judged = report.proposals.front();
  ASSERT_EQ(judged.fate, Fate::committed) << judged.reason;
  EXPECT_THAT(judged.effect, HasSubstr("covers one more case"));
  EXPECT_THAT(workshop_.repo.git({"diff", "main", judged.branch}), HasSubstr("+{\"word\": \"delta\", \"by\": \"d\"}"));
  EXPECT_EQ(workshop_.record(judged.fingerprint).made.rule, "model");
  ASSERT_TRUE(report.spend);
  EXPECT_EQ(report.spend->model, "scripted-1");
  EXPECT_EQ(report.spend->usage.all(), 110U);
  EXPECT_EQ(report.spend->usd, 0.002);
  EXPECT_THAT(said_, ::testing::Contains("asking scripted-1"));
}
TEST_F(ModelAdvice, ComesBehindThatOfTheRulesAndOnce) {
  const EvolveReport rules = with(AdvisorChoice::rules);
  EXPECT_THAT(script_.asked, IsEmpty());
  EXPECT_FALSE(rules.spend);
  const TuneParam seen = std::get<TuneParam>(Workshop::judged(rules, "tune-param").proposal.operation);
  Value text = Value::of(seen.set.value.dump());
  script_.say(kFirst, one(fmt::format(R"("operation":"tune-param","node":"{}","parameter":"{}","value":{})",
                                      seen.set.node.text, seen.set.name, text.dump())));
  EXPECT_THAT(operations(with(AdvisorChoice::both)), ElementsAre("add-dataset-case", "tune-param"));
  script_.say(kFirst, row_of("delta"));
  EXPECT_THAT(operations(with(AdvisorChoice::both)), ElementsAre("add-dataset-case", "tune-param", "add-dataset-case"));
}
TEST_F(ModelAdvice, IsANoteWhenItFailsAndTheRulesHaveAdvised) {
  for (const llm::Ending ending : {llm::Ending::misconfigured, llm::Ending::refused, llm::Ending::unfit}) {
    script_.end(kFirst, ending, "no key: set SCRIPTED_KEY");
    const EvolveReport report = with(AdvisorChoice::both);
    EXPECT_EQ(report.proposals.size(), 2U);
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_THAT(report.notes[0], HasSubstr("only the rules have advised: "));
    EXPECT_THAT(report.notes[0], HasSubstr("SCRIPTED_KEY"));
  }
}
TEST_F(ModelAdvice, IsAnErrorWhenItFailsAlone) {
  script_.end(kFirst, llm::Ending::misconfigured, "no key: set SCRIPTED_KEY");
  auto failed = evolved({.advisor = AdvisorChoice::llm});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind(), ErrorKind::environment);
  EXPECT_THAT(failed.error().to_string(), HasSubstr("SCRIPTED_KEY"));
  script_.end(kFirst, llm::Ending::refused, "it would not");
  EXPECT_EQ(evolved({.advisor = AdvisorChoice::llm}).error().kind(), ErrorKind::failed);
  script_.answers.clear();
  EXPECT_EQ(evolved({.advisor = AdvisorChoice::llm}).error().kind(), ErrorKind::environment) << "not recorded";
  has_models_ = false;
  EXPECT_EQ(evolved({.advisor = AdvisorChoice::llm}).error().kind(), ErrorKind::environment) << "no client at all";
}
TEST_F(ModelAdvice, ThatCannotBeUsedComesBackOnceWithTheReason) {
  script_.say(kFirst, one(R"("operation":"tune-param","node":"shuot","parameter":"timeout_ms","value":"30000")"));
  script_.say(kSecond, row_of("delta"));
  const EvolveReport report = with(AdvisorChoice::llm);
  ASSERT_EQ(script_.asked.size(), 2U);
  const std::vector<llm::Turn>& turns = script_.asked[1].second.turns;
  ASSERT_EQ(turns.size(), 3U);
  EXPECT_EQ(turns[1].text, script_.answers[kFirst].text);
  EXPECT_THAT(turns[2].text, HasSubstr("A title: there is no node shuot"));
  EXPECT_EQ(script_.asked[1].second.system, script_.asked[0].second.system) << "what is cached stays the same";
  EXPECT_THAT(operations(report), ElementsAre("add-dataset-case"));
  EXPECT_EQ(report.spend->calls, 2U);
  EXPECT_THAT(report.notes, IsEmpty());
}
TEST_F(ModelAdvice, ThatStaysUnusableBecomesANote) {
  const std::string broken = one(R"("operation":"tune-param","node":"shout","parameter":"timeout_ms","value":"-5")");
  script_.say(kFirst, broken).say(kSecond, broken);
  const EvolveReport report = with(AdvisorChoice::llm);
  EXPECT_THAT(report.proposals, IsEmpty());
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_THAT(report.notes[0], HasSubstr("cannot be used: A title: the patched workflow is not valid"));
  EXPECT_EQ(script_.asked.size(), 2U) << "not a third time";
}
TEST_F(ModelAdvice, ThatDoesHarmInItsTrialIsNotCommitted) {
  calm();
  script_.say(kFirst, row_of("an ox"));
  const EvolveReport report = with(AdvisorChoice::llm);
  ASSERT_EQ(report.proposals.size(), 1U);
  EXPECT_EQ(report.proposals[0].fate, Fate::unproven);
  EXPECT_THAT(report.proposals[0].reason, HasSubstr("failures 2 -> 3"));
}
TEST_F(ModelAdvice, MayAddANodeWithAFieldAndATool) {
  if (!exec::sandbox_works()) GTEST_SKIP() << "code of a model is tried in a sandbox only";
  calm();
  script_.say(kFirst, one(R"("operation":"add-node",
    "new_node":"{\"id\":\"count\",\"kind\":\"command\",\"run\":[\"sh\",\"tools/count.sh\"],\"writes\":[\"total\"]}",
    "edges":[{"from":"load","to":"count"}], "fields":[{"name":"total","type":"string"}],
    "files":[{"path":"tools/count.sh","content":"wc -l < words.jsonl\n"}])"));
  const EvolveReport report = with(AdvisorChoice::llm);
  ASSERT_EQ(report.proposals.size(), 1U) << (report.notes.empty() ? "" : report.notes[0]);
  EXPECT_THAT(report.proposals[0].diff, HasSubstr("+    total: { type: string }"));
  EXPECT_EQ(report.proposals[0].fate, Fate::unproven) << "nothing says what it is for";
  EXPECT_THAT(report.proposals[0].reason, HasSubstr("declares no goal among its metrics"));
}
TEST_F(ModelAdvice, ThatIsCodeIsNeverTriedOutsideOfASandbox) {
  script_.say(kFirst, one(R"("operation":"add-node",
    "new_node":"{\"id\":\"own\",\"kind\":\"command\",\"run\":\"touch $HOME/owned\"}","edges":[{"from":"load","to":"own"}])"));
  const EvolveReport report = must(evolved({.advisor = AdvisorChoice::llm, .sandbox = false}));
  ASSERT_EQ(report.proposals.size(), 1U);
  EXPECT_EQ(report.proposals[0].fate, Fate::refused);
  EXPECT_THAT(report.proposals[0].reason, HasSubstr("in a sandbox only"));
}

TEST_F(ModelAdvice, IsAskedForWithinTheBudget) {
  script_.say(kFirst, row_of("delta"));
  script_.bound.usd = 0.02;
  const auto dear = evolved({.advisor = AdvisorChoice::llm, .limits = {.usd = 0.01}});
  ASSERT_FALSE(dear);
  EXPECT_EQ(dear.error().kind(), ErrorKind::environment);
  EXPECT_THAT(dear.error().to_string(),
              HasSubstr("asking scripted may cost 0.0200 usd; 0.0100 of the budget are left"));
  script_.bound.usd.reset();
  EXPECT_THAT(evolved({.advisor = AdvisorChoice::llm, .limits = {.usd = 5.0}}).error().to_string(),
              HasSubstr("the price of scripted is not known"));
  EXPECT_THAT(script_.asked, IsEmpty());
  script_.bound.usd = 0.01;
  EXPECT_EQ(must(evolved({.advisor = AdvisorChoice::llm, .limits = {.usd = 0.01}})).proposals.size(), 1U);
}
TEST_F(ModelAdvice, IsNotAskedAgainWhenTheBudgetIsSpent) {
  script_.say(kFirst, one(R"("operation":"add-node","new_node":"[]")"));
  script_.say(kSecond, row_of("delta"));
  EXPECT_THAT(must(evolved({.advisor = AdvisorChoice::llm, .limits = {.usd = 0.011}})).proposals, IsEmpty());
  EXPECT_EQ(script_.asked.size(), 1U);
}
TEST_F(ModelAdvice, WaitsForConsentBeforeAnythingIsPaid) {
  EvolveContext context = workshop_.context();
  context.models = scripted(script_);
  context.trust = std::nullopt;
  EXPECT_EQ(evolve(context, {.advisor = AdvisorChoice::both}).error().kind(), ErrorKind::environment);
  EXPECT_THAT(script_.asked, IsEmpty());
}
TEST_F(ModelAdvice, IsGivenNoKey) {
  workshop_.edit("flows/tools/shout.sh", "echo \"$1!\"", "echo \"$1!\"  # sk-a-very-secret-key");
  workshop_.repo.commit("a slip");
  script_.say(kFirst, R"({"proposals":[]})");
  with(AdvisorChoice::llm);
  EXPECT_THAT(prompt(), HasSubstr("***"));
  EXPECT_THAT(prompt(), Not(HasSubstr("sk-a-very-secret-key")));
}
TEST_F(ModelAdvice, IsAskedForInTheSameWordsWhenNothingButOurOwnWorkHasHappened) {
  calm();
  script_.say(kFirst, row_of("delta"));
  with(AdvisorChoice::llm);
  const EvolveReport again = with(AdvisorChoice::llm);
  ASSERT_EQ(script_.asked.size(), 2U);
  EXPECT_EQ(script_.asked[0].second, script_.asked[1].second);
  EXPECT_EQ(again.proposals.front().fate, Fate::unchanged);
  must(reject(workshop_.context(), workshop_.record(again.proposals.front().fingerprint), "no delta, please"));
  EXPECT_EQ(with(AdvisorChoice::llm).proposals.front().fate, Fate::rejected_before);
  EXPECT_THAT(script_.asked.back().second.turns.front().text,
              HasSubstr("REJECTED by a human, because: no delta, please"));
}

// ---- trials of nodes that ask a model

constexpr std::string_view kAsking = R"(name: asking
version: 0.1.0
state:
  schema:
    rows: { type: array }
    notes: { type: array, merge: array_append }
graph:
  nodes:
    - id: load
      kind: dataset
      source: { type: file, uri: ./rows.jsonl }
      writes: [rows]
    - id: look
      kind: agent
      prompt: ./look.md
      for_each: { source: $.rows }
      schema: { type: object, required: [notes], properties: { notes: { type: array, items: { type: string } } } }
      writes: [notes]
  edges:
    - { from: load, to: look }
)";

/// A run of the asking workflow as it was recorded, and the trial of one row more.
class AskingTrial : public ::testing::Test {
 protected:
  AskingTrial() {
    workshop_.repo.write("flows/experience.yaml", kAsking);
    workshop_.repo.write("flows/rows.jsonl", "{\"key\": \"a\"}\n");
    workshop_.repo.write("flows/look.md", "Look at {{$item.key}}.\n");
    workshop_.repo.commit("asking");
    workshop_.reopen();
    judge_ = std::make_unique<JudgeContext>(workshop_.judge());
    judge_->models = scripted(script_);
    judge_->purse = &purse_;
    script_.say("look/0#1", R"({"notes":["a is fine"]})").say("look/1#1", R"({"notes":["b is fine"]})");
  }
  Result<ValidatedPatch> tried() {
    const Base base = workshop_.base();
    RunBuilder run(base.reading.graph);
    run.ready("load").succeeds("load", kWhole, 1).ready("look", 1).succeeds("look", 0, 1).ends("look");
    Evidence evidence{.graph = base.reading.graph, .runs = {run.finish()}};
    evidence.runs[0].state.start.workflow = Workshop::kPath;
    TrialBasis basis{.evidence = evidence, .base = base};
    Proposal proposal{.operation = AddDatasetCase{.node = {"look"},
                                                  .file = "rows.jsonl",
                                                  .format = graph::RowFormat::jsonl,
                                                  .row = json(R"({"key":"b"})"),
                                                  .item = json(R"({"key":"b"})")},
                      .finding = {.citations = {{{"r-1"}, 1}}},
                      .expectation = {Expectation::Kind::no_worse, {"look"}, 1}};
    const Patch patch = must(render(*workshop_.repository, base, proposal.operation));
    return validate(*judge_, basis, proposal, must(check(*judge_, base, proposal.operation, patch)), outcome_);
  }

  Workshop workshop_;
  Script script_;
  Purse purse_;
  ledger::ContestOutcome outcome_;
  std::unique_ptr<JudgeContext> judge_;
};

TEST_F(AskingTrial, AsksTheModelForEachRow) {
  const auto proven = tried();
  ASSERT_TRUE(proven) << proven.error().to_string();
  EXPECT_THAT(proven->effect(), HasSubstr("covers one more case"));
  EXPECT_TRUE(std::ranges::any_of(script_.asked, [](const auto& asked) {
    return asked.second.turns.front().text.find("Look at b.") != std::string::npos;
  }));
  EXPECT_GT(purse_.spent().usd.value_or(0), 0);
}
TEST_F(AskingTrial, KeepsToWhatIsLeftOfTheBudget) {
  purse_ = Purse({.usd = 0.001}, {});
  EXPECT_THAT(error_of(tried()), HasSubstr("budget"));
  EXPECT_THAT(script_.asked, IsEmpty());
}
TEST_F(AskingTrial, IsAMatterOfTheMachineWhenNobodyCanBeAsked) {
  script_.answers.clear();
  const auto failed = tried();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind(), ErrorKind::environment) << failed.error().to_string();
}

}  // namespace
}  // namespace oe::evolve::test
