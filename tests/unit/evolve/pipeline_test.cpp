#include <fstream>

#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

namespace fs = std::filesystem;
using Fate = Judged::Fate;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Pipeline : public ::testing::Test {
 protected:
  Pipeline() { workshop_.run_twice(); }
  Judged tune(const EvolveReport& report) { return Workshop::judged(report, "tune-param"); }
  /// The ledger without its index, which may put itself in order at any time.
  std::map<std::string, std::string> record_of_truth() const {
    auto files = git::snapshot(workshop_.ledger->directory());
    std::erase_if(files, [](const auto& file) { return file.first.starts_with("state.sqlite"); });
    return files;
  }
  Judged added_case(const EvolveReport& report) { return Workshop::judged(report, "add-dataset-case"); }

  Workshop workshop_;
};

TEST_F(Pipeline, MakesOneBranchOfOneCommitForEachProposal) {
  const EvolveReport report = workshop_.evolved();
  ASSERT_EQ(report.proposals.size(), 2U);
  for (const Judged& judged : report.proposals) {
    EXPECT_EQ(judged.fate, Fate::committed) << judged.proposal.title << ": " << judged.reason;
    EXPECT_EQ(workshop_.repo.rev(judged.branch).text, judged.commit);
    EXPECT_EQ(workshop_.repo.rev(judged.branch + "^"), workshop_.repo.rev("HEAD"));
    EXPECT_EQ(workshop_.repo.git({"log", "-1", "--format=%an <%ae>", judged.branch}),
              "T\u00e9st User <test@example.com>");
    EXPECT_EQ(workshop_.record(judged.fingerprint).status, ledger::ProposalStatus::open);
    EXPECT_EQ(workshop_.repo.git({"diff", "--no-color", "HEAD", judged.branch}) + "\n", judged.diff);
  }
  EXPECT_EQ(workshop_.repo.git({"diff", "--numstat", "HEAD", tune(report).branch}).substr(0, 4), "5\t0\t");
}
TEST_F(Pipeline, CutsTheCaseDownAndKeepsItsError) {
  const Judged judged = added_case(workshop_.evolved());
  const std::string row = workshop_.repo.git({"show", judged.branch + ":flows/cases/shout.jsonl"});
  EXPECT_EQ(must(Value::parse(row)).get("item").dump(), R"({"word":"x"})");
  EXPECT_THAT(must(Value::parse(row)).get("error").string_or(""), HasSubstr("cannot shout an x"));
}
TEST_F(Pipeline, LeavesTheUsersThingsAlone) {
  workshop_.repo.git({"config", "branch.main.description", "mine"});
  workshop_.repo.write("staged", "1");
  workshop_.repo.git({"add", "staged"});
  workshop_.repo.write("staged", "2");
  workshop_.repo.write("README.md", "stashed");
  workshop_.repo.git({"stash", "push", "-q", "README.md"});
  workshop_.repo.write("flows/tools/shout.sh", "half edited");
  const auto before = workshop_.users_things();
  ASSERT_EQ(workshop_.evolved().proposals.size(), 2U);
  EXPECT_EQ(workshop_.users_things(), before);
  EXPECT_EQ(workshop_.repo.git({"worktree", "list", "--porcelain"}).find("worktree", 9), std::string::npos);
  EXPECT_TRUE(!fs::exists(workshop_.ledger->directory() / "worktrees") ||
              fs::is_empty(workshop_.ledger->directory() / "worktrees"));
}
TEST_F(Pipeline, ChangesNothingTheSecondTime) {
  const EvolveReport first = workshop_.evolved();
  const std::string refs = workshop_.repo.git({"for-each-ref"});
  const std::string record = git::read_bytes(workshop_.ledger->directory() / "proposals.jsonl");
  const EvolveReport second = workshop_.evolved();
  ASSERT_EQ(second.proposals.size(), 2U);
  for (const Judged& judged : second.proposals) {
    EXPECT_EQ(judged.fate, Fate::unchanged);
    EXPECT_THAT(judged.reason, HasSubstr("open already"));
  }
  EXPECT_EQ(workshop_.repo.git({"for-each-ref"}), refs);
  EXPECT_EQ(git::read_bytes(workshop_.ledger->directory() / "proposals.jsonl"), record);
  EXPECT_EQ(first.proposals[0].branch, second.proposals[0].branch);
}
TEST_F(Pipeline, StaysWithAnUnrelatedMoveOfHead) {
  const Judged first = tune(workshop_.evolved());
  workshop_.repo.write("README.md", "more");
  workshop_.repo.commit("unrelated");
  const Judged second = tune(workshop_.evolved());
  EXPECT_EQ(second.fate, Fate::unchanged) << second.reason;
  EXPECT_EQ(second.commit, first.commit);
}
TEST_F(Pipeline, MakesAProposalAgainWhereItsFileMovedOn) {
  const EvolveReport first = workshop_.evolved();
  workshop_.edit(Workshop::kPath, "# The far end", "# As we all know, the far end");
  const git::Oid moved = workshop_.repo.commit("a comment");
  const EvolveReport second = workshop_.evolved();
  EXPECT_EQ(tune(second).fate, Fate::committed) << tune(second).reason;
  EXPECT_EQ(tune(second).branch, tune(first).branch);
  EXPECT_EQ(workshop_.repo.rev(tune(second).branch + "^"), moved);
  EXPECT_THAT(workshop_.repo.git({"show", tune(second).branch + ":" + Workshop::kPath}), HasSubstr("As we all know"));
  EXPECT_EQ(added_case(second).fate, Fate::unchanged) << "its file is the same";
  EXPECT_THAT(second.notes.front(), HasSubstr("other content"));
}
TEST_F(Pipeline, NeverMakesARejectedProposalAgain) {
  const Judged judged = tune(workshop_.evolved());
  must(reject(workshop_.context(), workshop_.record(judged.fingerprint), "not now"));
  workshop_.edit(Workshop::kPath, "# The far end", "# The end");
  workshop_.repo.commit("a comment");
  const Judged again = tune(workshop_.evolved());
  EXPECT_EQ(again.fate, Fate::rejected_before);
  EXPECT_THAT(again.reason, HasSubstr("not now"));
  EXPECT_EQ(workshop_.repo.try_git({"rev-parse", "--verify", "-q", judged.branch}).code, 1);
}
TEST_F(Pipeline, LetsARejectedProposalTakeNoPlace) {
  const EvolveReport first = workshop_.evolved();
  must(reject(workshop_.context(), workshop_.record(first.proposals[0].fingerprint), "no"));
  const EvolveReport second = workshop_.evolved({.most = 1});
  ASSERT_EQ(second.proposals.size(), 2U);
  EXPECT_EQ(second.proposals[1].fate, Fate::unchanged);
  EXPECT_EQ(workshop_.evolved({.most = 0}).proposals.size(), 0U);
}
TEST_F(Pipeline, LeavesNoTraceOfADryRun) {
  { const auto held = must(sys::FileLock::try_acquire(workshop_.ledger->directory() / "evolve.lock")); }
  const auto before = record_of_truth();
  const auto git_before = workshop_.users_things();
  const EvolveReport report = workshop_.evolved({.dry_run = true});
  ASSERT_EQ(report.proposals.size(), 2U);
  for (const Judged& judged : report.proposals) {
    EXPECT_EQ(judged.fate, Fate::proposed);
    EXPECT_THAT(judged.diff, HasSubstr("diff --git"));
    EXPECT_THAT(judged.branch, IsEmpty());
  }
  EXPECT_TRUE(report.markdown.empty());
  EXPECT_EQ(record_of_truth(), before);
  EXPECT_EQ(workshop_.users_things(), git_before);
  EXPECT_THAT(workshop_.repo.git({"for-each-ref", "refs/heads/oe"}), IsEmpty());
}
TEST_F(Pipeline, WaitsForNobody) {
  const auto held = must(sys::FileLock::try_acquire(workshop_.ledger->directory() / "evolve.lock"));
  ASSERT_TRUE(held);
  const auto refused = evolve(workshop_.context(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::environment);
  EXPECT_THAT(error_of(refused), HasSubstr("another oe evolve"));
}

TEST_F(Pipeline, KeepsCommitsOfTheUserOnAProposalBranch) {
  const Judged judged = tune(workshop_.evolved());
  workshop_.repo.git({"checkout", "-q", judged.branch});
  workshop_.repo.write("README.md", "mine");
  const git::Oid mine = workshop_.repo.commit("mine, on top");
  workshop_.repo.git({"checkout", "-q", "main"});
  workshop_.edit(Workshop::kPath, "# The far end", "# The end");
  workshop_.repo.commit("a comment");
  const Judged again = tune(workshop_.evolved());
  EXPECT_EQ(again.fate, Fate::unchanged);
  EXPECT_THAT(again.reason, HasSubstr("commits that oe did not make"));
  EXPECT_EQ(workshop_.repo.rev(judged.branch), mine);
}
TEST_F(Pipeline, LeavesABranchThatTheLedgerDoesNotKnow) {
  const Judged judged = tune(workshop_.evolved({.dry_run = true}));
  const std::string name = branch_name(judged.proposal, judged.fingerprint);
  workshop_.repo.git({"branch", name});
  const Judged refused = tune(workshop_.evolved());
  EXPECT_EQ(refused.fate, Fate::refused);
  EXPECT_THAT(refused.reason, HasSubstr("git branch -D " + name));
  EXPECT_EQ(workshop_.repo.rev(name), workshop_.repo.rev("HEAD"));
}
TEST_F(Pipeline, DropsOneProposalAndNotTheOthers) {
  workshop_.repo.write("flows/cases/elsewhere.jsonl", "");
  fs::create_symlink("elsewhere.jsonl", workshop_.repo.root() / "flows/cases/shout.jsonl");
  workshop_.repo.commit("a symlink where the case would go");
  const EvolveReport report = workshop_.evolved();
  EXPECT_EQ(tune(report).fate, Fate::committed) << tune(report).reason;
  EXPECT_NE(added_case(report).fate, Fate::committed);
}
TEST_F(Pipeline, MakesAgainWhatAKillLeftUnfinished) {
  const Judged judged = tune(workshop_.evolved());
  // What is there when oe dies between the record and the branch: no branch at first, later one at an older commit.
  workshop_.repo.git({"update-ref", "-d", "refs/heads/" + judged.branch});
  const Judged again = tune(workshop_.evolved());
  EXPECT_EQ(again.fate, Fate::committed) << again.reason;
  ASSERT_TRUE(workshop_.ledger->record({judged.fingerprint, workshop_.context().clock.now(),
                                        ledger::ProposalCommitted{judged.branch, std::string(40, '1')}}));
  EXPECT_EQ(tune(workshop_.evolved()).fate, Fate::committed);
  EXPECT_EQ(workshop_.record(judged.fingerprint).status, ledger::ProposalStatus::open);
  EXPECT_EQ(workshop_.record(judged.fingerprint).commit, workshop_.repo.rev(judged.branch).text);
}

TEST_F(Pipeline, RefusesAnUnbornBranchAndAWorkflowThatIsNotCommitted) {
  workshop_.repo.git({"rm", "-q", "--cached", Workshop::kPath});
  workshop_.repo.git({"commit", "-q", "-m", "without it"});
  EXPECT_THAT(error_of(evolve(workshop_.context(), {})), HasSubstr("git add flows/experience.yaml"));
  workshop_.repo.git({"checkout", "-q", "--orphan", "fresh"});
  EXPECT_THAT(error_of(evolve(workshop_.context(), {})), HasSubstr("no commit yet"));
}
TEST_F(Pipeline, RejectsWhatTheTrialDoesNotShow) {
  workshop_.edit("flows/tools/fetch.sh", "test -e", "exit 1; test -e");
  workshop_.repo.commit("the far end never wakes up");
  const EvolveReport report = workshop_.evolved();
  EXPECT_EQ(tune(report).fate, Fate::unproven);
  EXPECT_THAT(tune(report).reason, HasSubstr("in trials fetch fails at the base, too"));
  EXPECT_EQ(workshop_.record(tune(report).fingerprint).status, ledger::ProposalStatus::unproven);
  EXPECT_EQ(workshop_.repo.git({"branch", "--list", "oe/tune-param/*"}), "");
}

}  // namespace
}  // namespace oe::evolve::test
