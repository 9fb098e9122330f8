#include "evolve/consent.hpp"

#include "evolve/trial.hpp"

#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;

class Consent : public ::testing::Test {
 protected:
  Consent() {
    workshop_.run_twice();
    options_.sandbox = exec::sandbox_works().has_value();
  }
  /// A workflow that no run has seen, committed.
  void change_the_workflow() {
    workshop_.edit(Workshop::kPath, "sleeps at first", "is asleep at first");
    workshop_.repo.commit("other words");
    workshop_.reopen();
  }

  Workshop workshop_;
  EvolveOptions options_;
};

TEST_F(Consent, IsGivenByARun) {
  EXPECT_EQ(must(evolve(workshop_.context(), options_)).proposals.size(), 2U);
}
TEST_F(Consent, IsForTheBytesThatRan) {
  change_the_workflow();
  const auto report = evolve(workshop_.context(), options_);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind(), ErrorKind::environment);
  EXPECT_THAT(error_of(report), HasSubstr("neither run nor trusted"));
  EXPECT_THAT(report.error().hint(), HasSubstr("oe trust flows/experience.yaml"));
  EXPECT_TRUE(must(workshop_.ledger->proposals()).empty());
  EXPECT_TRUE(must(workshop_.repository->branches("oe/")).empty());
}
TEST_F(Consent, MayBeGivenWithoutARun) {
  change_the_workflow();
  workshop_.trust_base();
  EXPECT_TRUE(evolve(workshop_.context(), options_));
}
TEST_F(Consent, IsNotNeededToLookAtDiffs) {
  change_the_workflow();
  options_.dry_run = true;
  EXPECT_TRUE(evolve(workshop_.context(), options_));
}
TEST_F(Consent, IsMissingWhereNothingIsRemembered) {
  EvolveContext context = workshop_.context();
  context.trust.reset();
  EXPECT_THAT(error_of(evolve(context, options_)), HasSubstr("neither run nor trusted"));
}
TEST_F(Consent, DoesNotLetATrialOutOfItsWorktree) {
  if (!options_.sandbox) GTEST_SKIP() << "no sandbox here";
  workshop_.repo.write("flows/tools/fetch.sh", "touch '" + (workshop_.repo.root() / "escaped").string() + "'; touch inside\n");
  workshop_.repo.commit("greedy");
  const RunId run = workshop_.run();
  std::filesystem::remove(workshop_.repo.root() / "escaped");
  const RecordedRun recorded{workshop_.base().reading.graph, must(workshop_.ledger->state(run))};
  const auto trial = must(run_trial(workshop_.judge(), trial_of(recorded, workshop_.repo.rev("HEAD"), "t")));
  EXPECT_EQ(trial.nodes.at({"fetch"}).outcome, ledger::Outcome::succeeded) << "writing inside is fine";
  EXPECT_FALSE(std::filesystem::exists(workshop_.repo.root() / "escaped"));
}

}  // namespace
}  // namespace oe::evolve::test
