#include "oe/evolve/history.hpp"

#include <gmock/gmock.h>

#include "unit/evolve/past_world.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class History : public ::testing::Test {
 protected:
  std::vector<PastStep> steps(const HistoryOptions& options = {}) {
    const git::Place place = world_.repo.place();
    return must(history({place, *world_.ledger}, options));
  }
  static std::vector<std::string> ids(const PastStep& step) {
    std::vector<std::string> ids;
    for (const PastRun& run : step.runs) ids.push_back(run.row.id.text);
    return ids;
  }
  /// A proposal on a branch, as `oe evolve` leaves it; gives its commit.
  git::Oid propose(const std::string& name, const std::string& timeout_ms) {
    const git::Oid base = world_.repo.rev("HEAD");
    world_.repo.git({"checkout", "-q", "-b", "oe/" + name});
    world_.repo.write(PastWorld::kPath, PastWorld::workflow(timeout_ms));
    const git::Oid commit = world_.repo.commit("oe(tune-param): give fetch more time\n\nIt needs it.\n\nOe-Proposal: " +
                                               name + "\nOe-Base: " + base.text +
                                               "\nOe-Confidence: high\nOe-Effect: success of fetch 0 -> 1\n");
    world_.repo.git({"checkout", "-q", "main"});
    return commit;
  }
  void record(const std::string& name, const git::Oid& commit) {
    world_.say(name, ledger::ProposalMade{
                         .operation = "tune-param", .title = "more time", .workflow = PastWorld::kPath});
    world_.say(name, ledger::PatchAccepted{"success of fetch 0 -> 1"});
    world_.say(name, ledger::ProposalCommitted{"oe/" + name, commit.text});
  }
  std::vector<LandedProposal> landed() {
    std::vector<LandedProposal> all;
    for (const PastStep& step : steps()) all.insert(all.end(), step.proposals.begin(), step.proposals.end());
    return all;
  }
  PastWorld world_;
};

TEST_F(History, ShowsTheRunsOfEachCommitNewestFirst) {
  const RunId first = world_.run(), second = world_.run();
  world_.repo.write("README.md", "more");
  const git::Oid head = world_.repo.commit("a readme");
  const RunId third = world_.run();
  world_.repo.write("README.md", "still more");
  world_.repo.commit("nobody has run this");
  const auto all = steps();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].commit.id, head);
  EXPECT_EQ(all[0].commit.subject, "a readme");
  EXPECT_EQ(all[0].commit.author, "T\u00e9st User");
  EXPECT_THAT(ids(all[0]), ElementsAre(third.text));
  EXPECT_THAT(ids(all[1]), ElementsAre(second.text, first.text));
}
TEST_F(History, MeasuresRuns) {
  world_.run({.duration = std::chrono::milliseconds(2500)});
  world_.run({.succeeds = false});
  const auto all = steps();
  const auto value = [](const PastRun& run, const std::string& name) -> Measured {
    for (const MetricValue& one : run.metrics)
      if (one.metric.name == name) return one.value;
    return std::nullopt;
  };
  EXPECT_EQ(value(all[0].runs[1], "time of a success"), 2.5);
  EXPECT_EQ(value(all[0].runs[1], "success"), 1);
  EXPECT_EQ(value(all[0].runs[0], "success"), 0);
  EXPECT_EQ(value(all[0].runs[0], "time of a success"), std::nullopt) << "failing early is not being fast";
}
TEST_F(History, ARunOfWhatWasCommittedLaterBelongsToThatCommit) {
  const git::ScopedEnvironment later("GIT_COMMITTER_DATE", "2090-01-01T00:00:00Z");
  world_.repo.write(PastWorld::kPath, PastWorld::workflow("2000"));
  const RunId draft = world_.run({.dirty = true});
  const git::Oid commit = world_.repo.commit("more time");
  const RunId never = world_.run({.dirty = true, .text = PastWorld::workflow("3000")});
  const auto all = steps();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].commit.id, commit);
  EXPECT_THAT(ids(all[0]), ElementsAre(never.text, draft.text));
  EXPECT_TRUE(all[0].runs[0].is_uncommitted);
  EXPECT_FALSE(all[0].runs[1].is_uncommitted);
}
TEST_F(History, ACommitThatNamesARunHasIt) {
  const RunId run = world_.run();
  world_.repo.write("README.md", "more");
  const git::Oid commit = world_.repo.commit("a readme\n\nOe-Run: " + run.text + "\n");
  const auto all = steps();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].commit.id, commit);
}
TEST_F(History, TheRunsThatAProposalNamesAreItsEvidenceAndNotOfItsCommit) {
  const git::Oid base = world_.repo.rev("HEAD");
  const RunId run = world_.run();
  world_.repo.write(PastWorld::kPath, PastWorld::workflow("2000"));
  world_.repo.commit("oe(tune-param): more\n\nOe-Proposal: p\nOe-Run: " + run.text + "\n");
  const auto all = steps();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_THAT(all[0].runs, IsEmpty());
  EXPECT_EQ(all[1].commit.id, base);
}
TEST_F(History, TellsHowProposalsCameIn) {
  record("aa11", propose("aa11", "2000"));
  world_.repo.git({"merge", "-q", "--no-ff", "-m", "Merge it", "oe/aa11"});
  const git::Oid picked = propose("bb22", "3000");
  world_.repo.write("README.md", "in between");
  world_.repo.commit("in between");
  world_.repo.git({"cherry-pick", "-x", picked.text});
  propose("cc33", "4000");
  world_.repo.write("README.md", "in between again");
  world_.repo.commit("in between again");
  world_.repo.git({"cherry-pick", "oe/cc33"});  // as a rebase does
  propose("dd44", "5000");
  world_.repo.git({"merge", "-q", "--squash", "oe/dd44"});
  world_.repo.git({"commit", "-q", "-m",
                   "Longer naps (#4)\n\n* oe(tune-param): give fetch more time\n\n    Oe-Proposal: dd44"});
  const auto all = landed();
  ASSERT_THAT(all, SizeIs(4));
  EXPECT_EQ(all[0].fingerprint.text, "dd44");
  EXPECT_EQ(all[0].landing, Landing::squashed);
  EXPECT_EQ(all[1].landing, Landing::rebased);
  EXPECT_EQ(all[1].promise, "success of fetch 0 -> 1") << "out of the commit, without a record";
  EXPECT_EQ(all[2].landing, Landing::picked);
  EXPECT_EQ(all[3].landing, Landing::merged);
  EXPECT_EQ(all[3].title, "more time") << "as the record has it";
}
TEST_F(History, KnowsTheSameChangeUnderAnotherMessageByItsRecord) {
  record("aa11", propose("aa11", "2000"));
  world_.repo.write(PastWorld::kPath, PastWorld::workflow("2000"));
  const git::Oid own = world_.repo.commit("naps are longer now");
  EXPECT_THAT(landed(), IsEmpty());
  world_.say("aa11", ledger::ProposalTaken{.commit = own.text, .how = "patch"});
  ASSERT_THAT(landed(), SizeIs(1));
  EXPECT_EQ(landed()[0].landing, Landing::picked);
}
TEST_F(History, IsLimitedAndFilteredByPath) {
  for (int i = 0; i < 3; ++i) {
    world_.run();
    world_.repo.write("README.md", std::to_string(i));
    world_.repo.commit("one more");
  }
  EXPECT_THAT(steps({.most = 2}), SizeIs(2));
  EXPECT_THAT(steps({.most = 0}), SizeIs(3));
  EXPECT_THAT(steps({.path = "flows"}), SizeIs(3));
  EXPECT_THAT(steps({.path = "flow"}), IsEmpty()) << "a part of a name is no directory";
}
TEST_F(History, IsReadInPages) {
  const RunId run = world_.run();
  std::string commands;
  for (int i = 0; i < 450; ++i)
    commands += "commit refs/heads/main\ncommitter T <t@e> 1800000000 +0000\ndata 1\nx\n" +
                std::string(i == 0 ? "from refs/heads/main^0\n" : "") + "\n";
  EXPECT_EQ(world_.repo.try_git({"fast-import", "--quiet"}, commands).code, 0);
  const auto all = steps();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(ids(all[0]), ElementsAre(run.text));
}

}  // namespace
}  // namespace oe::evolve::test
