#include "evolve/search.hpp"

#include <fmt/core.h>


#include "unit/evolve/scripted_models.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using Fate = Judged::Fate;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two nodes in a row that need half a second and get less; the second one never ran.
constexpr std::string_view kRow = R"(name: row
version: 0.1.0
state: { schema: {} }
graph:
  nodes:
    - { id: first, kind: command, run: [sleep, "0.4"], timeout_ms: 200 }
    - { id: second, kind: command, run: [sleep, "0.4"], timeout_ms: 200 }
  edges: [{ from: first, to: second }]
)";

/// A model that is asked about them.
class SearchTest : public ::testing::Test {
 protected:
  SearchTest() {
    workshop_.repo.write("flows/experience.yaml", kRow);
    workshop_.repo.commit("two in a row");
    recorded_ = must(workshop_.ledger->state(workshop_.run()));
  }
  /// Because of what happened to the node in the recorded run, or in another one.
  std::string more_time(const std::string& node, int ms) const { return more_time(node, ms, recorded_); }
  static std::string more_time(const std::string& node, int ms, const ledger::RunState& run) {
    return fmt::format(
        R"({{"proposals":[{{"title":"{0} gets {1}","rationale":"It is slow.","confidence":"high",)"
        R"("operation":"tune-param","evidence":[{{"run":"{2}","event":{3}}}],)"
        R"("node":"{0}","parameter":"timeout_ms","value":"{1}"}}]}})",
        node, ms, run.id.text, run.nodes.at({node}).attempts.at(0).ended);
  }
  EvolveReport evolved(EvolveOptions options) {
    workshop_.reopen();
    workshop_.trust_base();
    options.advisor = AdvisorChoice::llm;
    options.sandbox = exec::sandbox_works().has_value();
    EvolveContext context = workshop_.context();
    context.models = scripted(script_);
    return must(evolve(context, options));
  }
  std::string prompt_at(const std::string& place) const {
    for (const auto& [asked, ask] : script_.asked)
      if (asked == place) return ask.turns.front().text;
    ADD_FAILURE() << "nobody asked at " << place;
    return {};
  }
  std::vector<std::string> places() const {
    std::vector<std::string> all;
    for (const auto& [asked, ask] : script_.asked) all.push_back(asked);
    return all;
  }

  Workshop workshop_;
  Script script_;
  ledger::RunState recorded_;
};

TEST_F(SearchTest, EachTryIsToldWhatTheOnesBeforeHaveProposed) {
  script_.say("evolve/advise#1", more_time("first", 900));
  script_.say("evolve/advise.t2#1", more_time("first", 1000));
  script_.say("evolve/advise.t3#1", more_time("first", 900));
  const EvolveReport report = evolved({.tries = 3, .dry_run = true});
  ASSERT_EQ(report.proposals.size(), 2U) << "what was said before does not count again";
  EXPECT_THAT(prompt_at("evolve/advise#1"), Not(HasSubstr("Ideas of this search")));
  EXPECT_THAT(prompt_at("evolve/advise.t2#1"), HasSubstr("first gets 900\nis being tried already"));
  EXPECT_THAT(prompt_at("evolve/advise.t3#1"), HasSubstr("first gets 1000\nis being tried already"));
  EXPECT_EQ(report.spend->calls, 3U);
  EXPECT_DOUBLE_EQ(*report.spend->usd, 0.006);
}
TEST_F(SearchTest, ATryThatGivesNothingIsANote) {
  script_.say("evolve/advise#1", more_time("first", 900));
  const EvolveReport report = evolved({.tries = 3, .dry_run = true});
  EXPECT_EQ(report.proposals.size(), 1U);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("try 2 gave nothing")));
}
TEST_F(SearchTest, TheMoneyOfOneTryIsGoneForTheNext) {
  script_.say("evolve/advise#1", more_time("first", 900)).say("evolve/advise.t2#1", more_time("first", 1000));
  const EvolveReport report = evolved({.limits = {.usd = 0.011}, .tries = 2, .dry_run = true});
  EXPECT_EQ(report.proposals.size(), 1U);
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("0.0090 of the budget are left")));
}

TEST_F(SearchTest, TellsAModelWhatFailedEvenWhereNothingWasProven) {
  script_.say("evolve/advise#1", more_time("first", 250)).say("evolve/advise.g2#1", more_time("first", 260));
  const EvolveReport report = evolved({.generations = 2});
  EXPECT_THAT(prompt_at("evolve/advise.g2#1"), HasSubstr("its trial did not show what it promised"));
  EXPECT_EQ(report.proposals.size(), 2U);
  EXPECT_THAT(report.search->comparison, HasSubstr("nothing was proven"));
}
TEST_F(SearchTest, BeginsNothingBeyondItsLimitAndSaysSo) {
  script_.say("evolve/advise#1", more_time("first", 5000));
  const EvolveReport report = evolved({.limits = {.runs = 5}, .generations = 3});
  ASSERT_EQ(report.proposals.size(), 1U);
  EXPECT_EQ(report.proposals[0].fate, Fate::unproven);
  EXPECT_THAT(report.proposals[0].reason, HasSubstr("the limit of 5 trial runs (4 were made) left no room for more"));
  EXPECT_EQ(report.trial_runs, 4U);
  EXPECT_THAT(report.ended_by, HasSubstr("5 trial runs"));
  EXPECT_THAT(places(), ElementsAre("evolve/advise#1")) << "a model is not asked for what could not be tried";
}

}  // namespace
}  // namespace oe::evolve::test
