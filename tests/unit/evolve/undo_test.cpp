#include "oe/evolve/undo.hpp"

#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ledger::ProposalStatus;
using ::testing::HasSubstr;

/// Both proposals of the letters workflow, open; what is done to them is in the journal.
class Undo : public ::testing::Test {
 protected:
  Undo() {
    workshop_.run_twice();
    workshop_.trust_base();
    command({"oe evolve", true}, [&](EvolveContext&) {
      EvolveOptions options{.sandbox = exec::sandbox_works().has_value()};
      const EvolveReport report = must(evolve(noted(), options));
      tune_ = Workshop::judged(report, "tune-param");
      case_ = Workshop::judged(report, "add-dataset-case");
    });
    before_ = refs();
  }

  /// Carries something out as one command.
  void command(CommandName name, const std::function<void(EvolveContext&)>& action) {
    journal_.emplace(must(begin_journal(*workshop_.ledger, sys::system_clock().now(), std::move(name))));
    workshop_.reopen();
    repository_ = git::journaled(std::move(workshop_.repository), *journal_);
    EvolveContext context = noted();
    action(context);
    workshop_.reopen();
  }
  EvolveContext noted() {
    return {.place = workshop_.place,
            .repository = *repository_,
            .ledger = *workshop_.ledger,
            .clock = sys::system_clock(),
            .identity = {"T\u00e9st User", "test@example.com"},
            .progress = [](const std::string&) {},
            .trust = workshop_.trust,
            .refs = &*journal_};
  }
  void accept_it(const Judged& judged, AcceptOptions::Way way = AcceptOptions::Way::forward) {
    command({"oe accept", true, judged.fingerprint},
            [&](EvolveContext& context) { must(accept(context, workshop_.record(judged.fingerprint), {.way = way})); });
  }
  /// As a kill leaves it when git had moved the branch, and oe had noted nothing of that.
  void accept_and_be_killed(const Judged& judged) {
    const std::filesystem::path file = ref_journal_file(*workshop_.ledger);
    std::string left;
    {
      auto journal = must(begin_journal(*workshop_.ledger, sys::system_clock().now(), {"oe accept", true, judged.fingerprint}));
      must(journal.begin_move({"refs/heads/main", workshop_.place.head}));
      workshop_.repo.git({"merge", "-q", "--ff-only", judged.branch});
      left = git::read_bytes(file);
    }
    git::write_bytes(file, left);
    workshop_.reopen();
  }
  Result<Undone> undone() { return undo(workshop_.context()); }
  std::string refs() const { return workshop_.repo.git({"for-each-ref", "--format=%(refname) %(objectname)"}); }
  ProposalStatus status(const Judged& judged) { return workshop_.record(judged.fingerprint).status; }
  std::string state() const { return workshop_.repo.git({"status", "--porcelain", "--ignored"}); }

  Workshop workshop_;
  std::optional<git::RefJournal> journal_;
  std::unique_ptr<git::Repository> repository_;
  Judged tune_;
  Judged case_;
  std::string before_;
};

TEST_F(Undo, TakesAnAcceptBackInEveryWay) {
  using enum AcceptOptions::Way;
  for (const auto way : {forward, pick, squash, merge}) {
    const auto files = workshop_.users_things();
    const ledger::ProposalRecord was = workshop_.record(tune_.fingerprint);
    accept_it(tune_, way);
    ASSERT_EQ(status(tune_), ProposalStatus::accepted);
    const Undone done = must(undone());
    EXPECT_EQ(refs(), before_);
    EXPECT_EQ(workshop_.repo.read(Workshop::kPath), files.at(Workshop::kPath));
    EXPECT_EQ(workshop_.repo.git({"diff", "HEAD", "--stat"}), "");
    EXPECT_EQ(done.reopened, std::vector{tune_.fingerprint});
    EXPECT_EQ(workshop_.record(tune_.fingerprint).status, ProposalStatus::open);
    EXPECT_EQ(workshop_.record(tune_.fingerprint).commit, was.commit);
    EXPECT_EQ(workshop_.record(tune_.fingerprint).effect, was.effect);
  }
  accept_it(tune_);
  EXPECT_EQ(status(tune_), ProposalStatus::accepted) << "it can be decided again";
}
TEST_F(Undo, TakesAnAcceptBackThatWasKilledBehindItsMove) {
  const std::string was = state();
  accept_and_be_killed(tune_);
  must(undone());
  EXPECT_EQ(refs(), before_);
  EXPECT_EQ(state(), was);
  EXPECT_EQ(status(tune_), ProposalStatus::open);
  EXPECT_EQ(must(undone()).command.words, "oe evolve") << "of the killed one nothing is left";
}
TEST_F(Undo, TakesAnAcceptBackThatWentOnAfterAKill) {
  accept_and_be_killed(tune_);
  accept_it(tune_);
  EXPECT_EQ(status(tune_), ProposalStatus::accepted);
  EXPECT_EQ(must(ref_commands(workshop_.place, *workshop_.ledger)).size(), 2U) << "evolve, and one accept";
  EXPECT_EQ(must(undone()).reopened, std::vector{tune_.fingerprint});
  EXPECT_EQ(refs(), before_);
}
TEST_F(Undo, GoesOnWhereAKillHasLeftIt) {
  const std::string was = state();
  accept_it(tune_);
  workshop_.repo.git({"read-tree", "-m", "-u", "HEAD", "HEAD~1"});  // and HEAD did not follow
  must(undone());
  EXPECT_EQ(refs(), before_);
  EXPECT_EQ(state(), was);
}
TEST_F(Undo, GoesOnWhereGitWasKilledBetweenFileAndIndex) {
  const std::string was = state();
  accept_it(tune_);
  const std::string path = Workshop::kPath;
  workshop_.repo.write(path, workshop_.repo.git({"show", "HEAD~1:" + path}) + "\n");
  must(undone());
  EXPECT_EQ(refs(), before_);
  EXPECT_EQ(state(), was);
}
TEST_F(Undo, TakesARejectionBackThatWasKilledBeforeTheBranchWent) {
  const std::filesystem::path file = ref_journal_file(*workshop_.ledger);
  std::string left;
  {
    auto journal = must(begin_journal(*workshop_.ledger, sys::system_clock().now(), {"oe reject", true, tune_.fingerprint}));
    must(journal.announce());
    left = git::read_bytes(file);
  }
  git::write_bytes(file, left);
  EXPECT_EQ(must(ref_commands(workshop_.place, *workshop_.ledger)).size(), 1U) << "nothing was decided yet";
  must(workshop_.ledger->record({tune_.fingerprint, sys::system_clock().now(), ledger::ProposalRefused{"no", "me"}}));
  EXPECT_EQ(must(undone()).command.words, "oe reject");
  EXPECT_EQ(status(tune_), ProposalStatus::open);
  EXPECT_EQ(refs(), before_);
}
TEST_F(Undo, KeepsWhatTheUserHasStagedAndChangedElsewhere) {
  accept_it(tune_);
  workshop_.repo.write("README.md", "changed\n");
  workshop_.repo.write("STAGED", "staged\n");
  workshop_.repo.git({"add", "STAGED"});
  const std::string was = state();
  must(undone());
  EXPECT_EQ(state(), was);
  EXPECT_EQ(workshop_.repo.git({"diff", "--cached", "--name-only"}), "STAGED");
  EXPECT_EQ(workshop_.repo.read("README.md"), "changed\n");
}
TEST_F(Undo, RefusesWhileAFileThatItWouldPutBackIsDirty) {
  accept_it(tune_);
  const std::string mine = workshop_.repo.read(Workshop::kPath) + "# mine\n";
  workshop_.repo.write(Workshop::kPath, mine);
  const std::string was = refs();
  const auto refused = undone();
  EXPECT_THAT(error_of(refused), HasSubstr("have changes of yours"));
  EXPECT_THAT(error_of(refused), HasSubstr(Workshop::kPath));
  EXPECT_EQ(workshop_.repo.read(Workshop::kPath), mine);
  EXPECT_EQ(refs(), was);
  EXPECT_EQ(status(tune_), ProposalStatus::accepted);
}
TEST_F(Undo, RefusesWhenTheBranchHasMovedOnAndSaysWhatToType) {
  accept_it(tune_);
  const git::Oid taken = workshop_.repo.rev("main");
  workshop_.repo.write("README.md", "more\n");
  workshop_.repo.commit("mine");
  const std::string was = refs();
  EXPECT_THAT(error_of(undone()), HasSubstr("main has moved on"));
  EXPECT_THAT(error_of(undone()), HasSubstr("git revert " + taken.text.substr(0, 12)));
  EXPECT_EQ(refs(), was);
}
TEST_F(Undo, RefusesWhatARemoteHasAlready) {
  accept_it(tune_);
  workshop_.repo.git({"update-ref", "refs/remotes/origin/main", "main"});
  EXPECT_THAT(error_of(undone()), HasSubstr("origin/main has"));
  EXPECT_THAT(error_of(undone()), HasSubstr("git revert"));
}
TEST_F(Undo, RefusesOnAnotherBranch) {
  accept_it(tune_);
  workshop_.repo.git({"checkout", "-q", "-b", "elsewhere", "HEAD~1"});
  EXPECT_THAT(error_of(undone()), HasSubstr("git switch main"));
  workshop_.repo.git({"checkout", "-q", "main"});
  must(undone());
  EXPECT_EQ(workshop_.repo.git({"rev-parse", "main"}), workshop_.repo.git({"rev-parse", "elsewhere"}));
}
TEST_F(Undo, TakesAnAcceptOntoADetachedHeadBack) {
  workshop_.repo.git({"checkout", "-q", "--detach"});
  const git::Oid head = workshop_.repo.rev("HEAD");
  accept_it(tune_);
  ASSERT_NE(workshop_.repo.rev("HEAD"), head);
  must(undone());
  EXPECT_EQ(workshop_.repo.rev("HEAD"), head);
  EXPECT_EQ(workshop_.repo.rev("main"), head);
}
TEST_F(Undo, TakesARejectBack) {
  command({"oe reject", true},
          [&](EvolveContext& context) { must(reject(context, workshop_.record(tune_.fingerprint), "a slip")); });
  ASSERT_EQ(status(tune_), ProposalStatus::rejected);
  must(undone());
  EXPECT_EQ(refs(), before_);
  EXPECT_EQ(status(tune_), ProposalStatus::open);
  EXPECT_EQ(workshop_.record(tune_.fingerprint).reason, "");
}
TEST_F(Undo, TakesAnEvolveBackSoThatTheNextOneMakesItAgain) {
  must(undone());
  EXPECT_EQ(refs(), "refs/heads/main " + workshop_.repo.rev("main").text);
  EXPECT_EQ(status(tune_), ProposalStatus::unproven);
  EXPECT_THAT(workshop_.record(tune_.fingerprint).reason, HasSubstr("oe evolve was undone"));
  EXPECT_EQ(Workshop::judged(workshop_.evolved(), "tune-param").fate, Judged::Fate::committed);
}
TEST_F(Undo, RefusesABranchThatSomebodyHasWorkedOn) {
  workshop_.repo.git({"checkout", "-q", tune_.branch});
  EXPECT_THAT(error_of(undone()), HasSubstr("is checked out"));
  workshop_.repo.write("README.md", "mine\n");
  workshop_.repo.commit("mine, on top");
  workshop_.repo.git({"checkout", "-q", "main"});
  const std::string was = refs();
  EXPECT_THAT(error_of(undone()), HasSubstr("has moved on"));
  EXPECT_EQ(refs(), was) << "all or nothing";
}
TEST_F(Undo, GoesBackOneCommandAtATime) {
  accept_it(tune_);
  const std::string after_one = refs();
  accept_it(case_);
  must(undone());
  EXPECT_EQ(refs(), after_one);
  must(undone());
  EXPECT_EQ(refs(), before_);
  must(undone());
  EXPECT_EQ(undone().error().kind(), ErrorKind::input);
  const auto all = must(git::RefJournal::read(ref_journal_file(*workshop_.ledger)));
  EXPECT_EQ(all.size(), 3U);
}
TEST_F(Undo, EndsOneThatWasKilled) {
  command({"oe reject", true},
          [&](EvolveContext& context) { must(reject(context, workshop_.record(tune_.fingerprint), "a slip")); });
  workshop_.repo.git({"branch", "-q", tune_.branch, tune_.commit});
  must(undone());
  EXPECT_EQ(refs(), before_);
  EXPECT_EQ(status(tune_), ProposalStatus::open);
}

}  // namespace
}  // namespace oe::evolve::test
