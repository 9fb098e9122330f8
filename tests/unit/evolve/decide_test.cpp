#include "oe/evolve/verify.hpp"

#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ledger::ProposalStatus;
using ::testing::HasSubstr;

/// Both proposals of the letters workflow, open.
class Decide : public ::testing::Test {
 protected:
  Decide() {
    workshop_.run_twice();
    const EvolveReport report = workshop_.evolved();
    tune_ = Workshop::judged(report, "tune-param");
    case_ = Workshop::judged(report, "add-dataset-case");
  }
  using Way = AcceptOptions::Way;
  Result<git::Oid> accepted(const Judged& judged, Way way = Way::forward) {
    OE_TRY(const Accepted done, accept(workshop_.context(), workshop_.record(judged.fingerprint), {.way = way}));
    kept_ = done.kept_branch;
    return done.commit;
  }
  Result<std::vector<ledger::ProposalRecord>> rejected(const Judged& judged, const std::string& why = "no") {
    return reject(workshop_.context(), workshop_.record(judged.fingerprint), why);
  }
  ProposalStatus status(const Judged& judged) { return workshop_.record(judged.fingerprint).status; }
  bool has_branch(const Judged& judged) { return !workshop_.repo.git({"branch", "--list", judged.branch}).empty(); }

  std::string verified(const std::string& revision) {
    const VerifyContext context{.repository = *workshop_.repository,
                                .clock = sys::system_clock(),
                                .identity = {"V", "v@x"},
                                .root = workshop_.repo.root(),
                                .journal = [](const RunId&) { return std::optional<std::string>(); }};
    const Verification found = must(verify(context, workshop_.repo.rev(revision)));
    for (const Check& check : found.checks)
      if (!check.holds) return check.what + ": " + check.finding;
    return "holds";
  }
  /// Somebody improves the proposal on its branch.
  git::Oid someone_adds(const Judged& judged) {
    workshop_.repo.git({"checkout", "-q", judged.branch});
    workshop_.repo.write("README.md", "letters, improved\n");
    workshop_.repo.git({"commit", "-q", "-am", "on top", "--author", "Bea <bea@example.com>"});
    const git::Oid tip = workshop_.repo.rev("HEAD");
    workshop_.repo.git({"checkout", "-q", "main"});
    return tip;
  }
  std::string last(const std::string& format) { return workshop_.repo.git({"log", "-1", "--format=" + format}); }
  void main_moves() {
    workshop_.repo.write("NOTES", "meanwhile\n");
    workshop_.repo.commit("meanwhile");
  }

  Workshop workshop_;
  Judged tune_;
  Judged case_;
  std::string kept_;
};

/// The case is made again on top of the parameter, with a branch of its own.
class DecideStacked : public Decide {
 protected:
  DecideStacked() {
    ledger::ProposalMade made = workshop_.record(case_.fingerprint).made;
    made.parent = tune_.fingerprint;
    made.base = tune_.commit;
    made.generation = 2;
    workshop_.repo.git({"checkout", "-q", "-B", case_.branch, tune_.commit});
    workshop_.repo.write("flows/cases/shout.jsonl", "{\"item\":\"x\"}\n");
    case_.commit = workshop_.repo.commit("the case, on top").text;
    workshop_.repo.git({"checkout", "-q", "main"});
    say(made), say(ledger::PatchAccepted{"shown"}), say(ledger::ProposalCommitted{case_.branch, case_.commit});
  }
  void say(ledger::ProposalBody body) {
    must(workshop_.ledger->record({case_.fingerprint, sys::system_clock().now(), std::move(body)}));
  }
};

TEST_F(DecideStacked, TakesTheLowerOneFirst) {
  const auto refused = accepted(case_);
  ASSERT_FALSE(refused);
  EXPECT_THAT(error_of(refused), HasSubstr("stands on " + tune_.fingerprint.text.substr(0, 8)));
  EXPECT_THAT(error_of(refused), HasSubstr("oe accept " + tune_.fingerprint.text.substr(0, 8) + " first"));
  EXPECT_EQ(status(case_), ProposalStatus::open);
  must(accepted(tune_));
  must(accepted(case_));
  EXPECT_EQ(status(case_), ProposalStatus::accepted);
  EXPECT_THAT(workshop_.repo.read("flows/cases/shout.jsonl"), HasSubstr("x"));
}
TEST_F(DecideStacked, HasNoGroundWithoutTheLowerOne) {
  const auto fallen = must(rejected(tune_, "not like this"));
  ASSERT_EQ(fallen.size(), 1U);
  EXPECT_EQ(fallen[0].fingerprint, case_.fingerprint);
  EXPECT_EQ(status(case_), ProposalStatus::unproven);
  EXPECT_THAT(workshop_.record(case_.fingerprint).reason, HasSubstr("was rejected: not like this"));
  EXPECT_FALSE(has_branch(case_));
  EXPECT_FALSE(accepted(case_));
}
TEST_F(DecideStacked, KeepsABranchWithCommitsOfTheUserThoughItHasNoGround) {
  workshop_.repo.git({"checkout", "-q", case_.branch});
  workshop_.repo.write("README.md", "mine");
  const git::Oid mine = workshop_.repo.commit("mine, on top");
  workshop_.repo.git({"checkout", "-q", "main"});
  must(rejected(tune_));
  EXPECT_EQ(status(case_), ProposalStatus::unproven);
  EXPECT_EQ(workshop_.repo.rev(case_.branch), mine);
}

TEST_F(Decide, AcceptsByFastForward) {
  EXPECT_EQ(must(accepted(tune_)).text, tune_.commit);
  EXPECT_EQ(workshop_.repo.rev("main").text, tune_.commit);
  EXPECT_THAT(workshop_.repo.read(Workshop::kPath), HasSubstr("retry"));
  EXPECT_EQ(status(tune_), ProposalStatus::accepted);
  EXPECT_FALSE(has_branch(tune_));
}
TEST_F(Decide, AcceptsTheSecondByCherryPick) {
  must(accepted(tune_));
  const git::Oid head = must(accepted(case_));
  EXPECT_EQ(workshop_.repo.rev("HEAD"), head);
  EXPECT_EQ(workshop_.repo.rev("HEAD^").text, tune_.commit);
  EXPECT_EQ(workshop_.record(case_.fingerprint).commit, head.text);
  EXPECT_EQ(workshop_.repo.git({"log", "-1", "--format=%(trailers:key=Oe-Proposal,valueonly)"}),
            case_.fingerprint.text + "\n");
  EXPECT_EQ(workshop_.repo.git({"status", "--porcelain"}), "");
}
TEST_F(Decide, RefusesWhileItsFileIsDirty) {
  const std::string mine = workshop_.repo.read(Workshop::kPath) + "# mine\n";
  workshop_.repo.write(Workshop::kPath, mine);
  const auto refused = accepted(tune_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::failed);
  EXPECT_THAT(error_of(refused), HasSubstr(Workshop::kPath));
  EXPECT_EQ(workshop_.repo.read(Workshop::kPath), mine);
  EXPECT_EQ(status(tune_), ProposalStatus::open);
  EXPECT_TRUE(has_branch(tune_));
  EXPECT_TRUE(accepted(case_)) << "that one touches another file";
}
TEST_F(Decide, RefusesWhereAnUntrackedFileStandsInTheWay) {
  workshop_.repo.write("flows/cases/shout.jsonl", "mine\n");
  EXPECT_FALSE(accepted(case_));
  EXPECT_EQ(workshop_.repo.read("flows/cases/shout.jsonl"), "mine\n");
  EXPECT_EQ(status(case_), ProposalStatus::open);
}

TEST_F(Decide, PicksWhereAFastForwardWouldDo) {
  const git::Oid head = must(accepted(tune_, Way::pick));
  EXPECT_NE(head.text, tune_.commit);
  EXPECT_THAT(last("%B"), HasSubstr("(cherry picked from commit " + tune_.commit + ")"));
  EXPECT_EQ(verified("HEAD"), "holds");
  EXPECT_FALSE(has_branch(tune_));
}
TEST_F(Decide, SquashesOntoABranchThatMovedOn) {
  main_moves();
  must(accepted(tune_, Way::squash));
  EXPECT_EQ(last("%s"), "oe(tune-param): " + workshop_.record(tune_.fingerprint).made.title);
  EXPECT_EQ(last("%P"), workshop_.repo.rev("main^").text) << "one parent";
  EXPECT_THAT(last("%B"), ::testing::Not(HasSubstr("cherry picked")));
  EXPECT_EQ(last("%(trailers:key=Oe-Proposal,valueonly)"), tune_.fingerprint.text + "\n");
  EXPECT_EQ(verified("HEAD"), "holds");
  EXPECT_EQ(workshop_.repo.git({"status", "--porcelain"}), "");
}
TEST_F(Decide, SquashesWhatOthersAddedAndKeepsTheirBranch) {
  const git::Oid tip = someone_adds(tune_);
  must(accepted(tune_, Way::squash));
  EXPECT_EQ(workshop_.repo.git({"rev-list", "--count", tune_.commit + "^..main"}), "1");
  EXPECT_EQ(workshop_.repo.git({"rev-parse", "main^{tree}"}), workshop_.repo.git({"rev-parse", tip.text + "^{tree}"}));
  EXPECT_THAT(last("%B"), HasSubstr("Co-authored-by: Bea <bea@example.com>"));
  EXPECT_EQ(kept_, tune_.branch);
  EXPECT_EQ(workshop_.repo.rev(tune_.branch), tip);
  EXPECT_THAT(verified("HEAD"), HasSubstr("changes something else")) << "that was never proven";
  EXPECT_EQ(accept(workshop_.context(), workshop_.record(tune_.fingerprint)).error().kind(), ErrorKind::input);
  EXPECT_EQ(workshop_.repo.rev(tune_.branch), tip) << "also after a second accept";
}
TEST_F(Decide, MergesWithACommitThatVerifies) {
  main_moves();
  must(accepted(tune_, Way::merge));
  EXPECT_EQ(workshop_.repo.rev("main^2").text, tune_.commit);
  EXPECT_THAT(last("%s"), HasSubstr("Merge proposal " + tune_.fingerprint.text.substr(0, 8)));
  EXPECT_EQ(verified("HEAD"), "holds");
  EXPECT_EQ(verified("HEAD^2"), "holds");
  EXPECT_FALSE(has_branch(tune_));
}
TEST_F(Decide, MergesWhatOthersAddedAndLosesNothing) {
  const git::Oid tip = someone_adds(tune_);
  must(accepted(tune_, Way::merge));
  EXPECT_EQ(workshop_.repo.rev("main^2"), tip);
  EXPECT_FALSE(has_branch(tune_));
  EXPECT_EQ(kept_, "");
  EXPECT_THAT(verified("HEAD"), HasSubstr("merge of something else"));
}
TEST_F(Decide, MergesNothingButTheProposal) {
  workshop_.repo.git({"checkout", "-q", "--orphan", "other"});
  workshop_.repo.commit("another history");
  const auto refused = accepted(tune_, Way::merge);
  ASSERT_FALSE(refused);
  EXPECT_THAT(error_of(refused), HasSubstr("would bring more than the proposal"));
  EXPECT_THAT(error_of(refused), HasSubstr("--pick"));
  must(accepted(tune_, Way::pick));
}
TEST_F(Decide, LooksAtAllFilesThatOthersTouched) {
  someone_adds(tune_);
  workshop_.repo.write("README.md", "mine\n");
  for (const Way way : {Way::squash, Way::merge}) {
    EXPECT_THAT(error_of(accepted(tune_, way)), HasSubstr("README.md"));
    EXPECT_EQ(workshop_.repo.read("README.md"), "mine\n");
  }
  EXPECT_EQ(status(tune_), ProposalStatus::open);
}
TEST_F(Decide, PutsEverythingBackWhereAMergeConflicts) {
  workshop_.edit(Workshop::kPath, "run: [sh, tools/fetch.sh]", "run: [sh, tools/fetch.sh, now]");
  workshop_.repo.commit("the same place");
  workshop_.repo.write("NOTES", "not in the index");
  const auto before = workshop_.users_things();
  for (const Way way : {Way::pick, Way::squash, Way::merge}) {
    const auto refused = accepted(tune_, way);
    ASSERT_FALSE(refused);
    EXPECT_THAT(error_of(refused), HasSubstr("onflict"));
    EXPECT_EQ(workshop_.repo.git({"status", "--porcelain"}), "?? NOTES");
    EXPECT_EQ(workshop_.repo.read(Workshop::kPath), before.at(Workshop::kPath));
  }
  EXPECT_TRUE(has_branch(tune_));
}

TEST_F(Decide, EndsAnAcceptThatDiedAfterItsFastForward) {
  workshop_.repo.git({"merge", "-q", "--ff-only", tune_.branch});
  EXPECT_EQ(must(accepted(tune_)).text, tune_.commit);
  EXPECT_EQ(status(tune_), ProposalStatus::accepted);
  EXPECT_FALSE(has_branch(tune_));
}
TEST_F(Decide, EndsAnAcceptThatDiedAfterItsCherryPick) {
  must(accepted(case_));
  workshop_.repo.git({"cherry-pick", "-x", tune_.branch});
  const git::Oid picked = workshop_.repo.rev("HEAD");
  EXPECT_EQ(must(accepted(tune_)), picked);
  EXPECT_EQ(workshop_.repo.rev("HEAD"), picked) << "taken once";
  EXPECT_EQ(status(tune_), ProposalStatus::accepted);
  EXPECT_FALSE(has_branch(tune_));
  EXPECT_EQ(workshop_.repo.git({"status", "--porcelain"}), "");
}
TEST_F(Decide, EndsADecisionThatDiedBeforeTheBranchWent) {
  must(workshop_.ledger->record({tune_.fingerprint, {}, ledger::ProposalTaken{"c0ffee"}}));
  EXPECT_EQ(must(accepted(tune_)).text, "c0ffee");
  EXPECT_FALSE(has_branch(tune_));
  EXPECT_FALSE(accepted(tune_)) << "now there is nothing left to do";
  must(workshop_.ledger->record({case_.fingerprint, {}, ledger::ProposalRefused{"no", "me"}}));
  must(rejected(case_));
  EXPECT_FALSE(has_branch(case_));
  EXPECT_FALSE(rejected(case_));
}
TEST_F(Decide, LooksAtTheNewestRecord) {
  const auto seen = workshop_.record(tune_.fingerprint);
  must(accepted(tune_));
  EXPECT_EQ(reject(workshop_.context(), seen, "too late").error().kind(), ErrorKind::input);
  EXPECT_EQ(accept(workshop_.context(), seen).error().kind(), ErrorKind::input);
  EXPECT_EQ(status(tune_), ProposalStatus::accepted);
}

TEST_F(Decide, RejectsAndForgetsTheBranch) {
  must(rejected(tune_, "not our way"));
  const auto record = workshop_.record(tune_.fingerprint);
  EXPECT_EQ(record.status, ProposalStatus::rejected);
  EXPECT_EQ(record.reason, "not our way");
  EXPECT_FALSE(has_branch(tune_));
  EXPECT_FALSE(accepted(tune_));
  EXPECT_TRUE(has_branch(case_));
}
TEST_F(Decide, KeepsCommitsOfTheUserOnTheBranch) {
  workshop_.repo.git({"checkout", "-q", tune_.branch});
  workshop_.repo.write("README.md", "mine");
  const git::Oid mine = workshop_.repo.commit("mine, on top");
  workshop_.repo.git({"checkout", "-q", "main"});
  EXPECT_THAT(error_of(accepted(tune_)), HasSubstr("git merge " + tune_.branch));
  EXPECT_THAT(error_of(rejected(tune_)), HasSubstr("commits that oe did not make"));
  EXPECT_EQ(workshop_.repo.rev(tune_.branch), mine);
  EXPECT_EQ(status(tune_), ProposalStatus::open);
}
TEST_F(Decide, DecidesNothingFromTheBranchItself) {
  workshop_.repo.git({"checkout", "-q", tune_.branch});
  EXPECT_THAT(error_of(accepted(tune_)), HasSubstr("is checked out"));
  EXPECT_THAT(error_of(rejected(tune_)), HasSubstr("git switch"));
  EXPECT_EQ(status(tune_), ProposalStatus::open);
  EXPECT_TRUE(has_branch(tune_));
}
TEST_F(Decide, SaysThatTheBranchIsGone) {
  workshop_.repo.git({"branch", "-q", "-D", tune_.branch});
  EXPECT_THAT(error_of(accepted(tune_)), HasSubstr("oe evolve"));
  EXPECT_EQ(Workshop::judged(workshop_.evolved(), "tune-param").fate, Judged::Fate::committed);
  EXPECT_TRUE(has_branch(tune_));
}
TEST_F(Decide, WaitsForNobody) {
  const auto held = must(sys::FileLock::try_acquire(workshop_.ledger->directory() / "evolve.lock"));
  EXPECT_EQ(accepted(tune_).error().kind(), ErrorKind::environment);
  EXPECT_EQ(rejected(tune_).error().kind(), ErrorKind::environment);
  EXPECT_TRUE(has_branch(tune_));
}

TEST_F(Decide, FindsAProposalByBranchOrPrefix) {
  const std::string full = tune_.fingerprint.text;
  for (const std::string& name : {full, full.substr(0, 8), tune_.branch}) {
    EXPECT_EQ(must(find_proposal(*workshop_.ledger, name)).fingerprint, tune_.fingerprint);
  }
  for (const char* name : {"", "zzz", "oe/tune-param"}) {
    EXPECT_THAT(error_of(find_proposal(*workshop_.ledger, name)), HasSubstr(full.substr(0, 8))) << "lists them";
  }
}

}  // namespace
}  // namespace oe::evolve::test
