#include "oe/evolve/rebase.hpp"

#include "oe/git/trailers.hpp"

#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ledger::ProposalStatus;
using ::testing::HasSubstr;

class Rebase : public ::testing::Test {
 protected:
  Rebase() {
    workshop_.run_twice();
    tune_ = Workshop::judged(workshop_.evolved(), "tune-param");
  }
  void main_moves() {
    workshop_.edit("flows/words.jsonl", "gamma", "delta");
    workshop_.edit("flows/experience.yaml", "version: 0.1.0", "version: 0.2.0");
    workshop_.repo.commit("meanwhile");
    workshop_.trust_base();
  }
  Result<Rebased> rebased() {
    return rebase(workshop_.context(), workshop_.record(tune_.fingerprint),
                  {.sandbox = exec::sandbox_works().has_value()});
  }
  std::string trailer(const std::string& commit, const char* key) {
    const git::Commit found = must(workshop_.repository->commit({commit}));
    return git::find_trailer(git::trailers(found.message), key).value_or("");
  }
  git::Oid tip() const { return workshop_.repo.rev(tune_.branch); }

  Workshop workshop_;
  Judged tune_;
};

TEST_F(Rebase, MakesAProposalAgainOnHeadWithAProofOfItsOwn) {
  main_moves();
  const auto files = workshop_.users_things();
  const Rebased done = must(rebased());
  EXPECT_EQ(done.judged.fate, Judged::Fate::committed) << done.judged.reason;
  EXPECT_EQ(tip().text, done.judged.commit);
  EXPECT_EQ(workshop_.repo.rev(tune_.branch + "^"), workshop_.repo.rev("main"));
  EXPECT_EQ(trailer(done.judged.commit, "Oe-Base"), workshop_.repo.rev("main").text);
  EXPECT_NE(trailer(done.judged.commit, "Oe-Evidence"), trailer(tune_.commit, "Oe-Evidence"));
  EXPECT_THAT(done.range_diff, HasSubstr("1:  " + tune_.commit.substr(0, 7)));
  const auto record = workshop_.record(tune_.fingerprint);
  EXPECT_EQ(record.status, ProposalStatus::open);
  EXPECT_EQ(record.made.base, workshop_.repo.rev("main").text);
  EXPECT_EQ(record.made.rationale, tune_.proposal.rationale);
  EXPECT_EQ(workshop_.users_things(), files);
  EXPECT_THAT(error_of(rebased()), HasSubstr("already"));
}
TEST_F(Rebase, ClosesWhatDoesNotHoldThereAnyMore) {
  workshop_.repo.write("flows/tools/fetch.sh", "exit 0\n");
  workshop_.repo.commit("it never fails now");
  workshop_.trust_base();
  const Rebased done = must(rebased());
  EXPECT_TRUE(done.is_closed) << done.judged.reason;
  EXPECT_EQ(workshop_.record(tune_.fingerprint).status, ProposalStatus::unproven);
  EXPECT_EQ(workshop_.repo.git({"branch", "--list", tune_.branch}), "");
}
TEST_F(Rebase, LeavesAValueAloneThatSomebodyHasSetSince) {
  const auto& set = std::get<TuneParam>(tune_.proposal.operation).set;
  workshop_.edit(Workshop::kPath, "run: [sh, tools/fetch.sh]\n", "run: [sh, tools/fetch.sh]\n      " + set.name + ": 7\n");
  workshop_.repo.commit("my own value");
  const auto refused = rebased();
  EXPECT_THAT(error_of(refused), HasSubstr("where the proposal was made, and is"));
  EXPECT_EQ(tip().text, tune_.commit);
  EXPECT_EQ(workshop_.record(tune_.fingerprint).status, ProposalStatus::open);
}
TEST_F(Rebase, NeverRewritesABranchThatSomebodyHasWorkedOn) {
  workshop_.repo.git({"checkout", "-q", tune_.branch});
  workshop_.repo.write("README.md", "mine");
  const git::Oid mine = workshop_.repo.commit("mine, on top");
  EXPECT_THAT(error_of(rebased()), HasSubstr("is checked out"));
  workshop_.repo.git({"checkout", "-q", "main"});
  main_moves();
  EXPECT_THAT(error_of(rebased()), HasSubstr("commits that oe did not make"));
  EXPECT_EQ(tip(), mine);
}
TEST_F(Rebase, StaysOpenWhereItWasWhenAHookRefusesTheCommit) {
  main_moves();
  workshop_.repo.write(".git/hooks/commit-msg", "#!/bin/sh\necho not on a Friday >&2\nexit 1\n");
  std::filesystem::permissions(workshop_.repo.root() / ".git/hooks/commit-msg", std::filesystem::perms::all);
  const auto was = workshop_.record(tune_.fingerprint);
  const Rebased done = must(rebased());
  EXPECT_THAT(done.judged.reason, HasSubstr("not on a Friday"));
  EXPECT_FALSE(done.is_closed);
  EXPECT_EQ(tip().text, tune_.commit);
  const auto is = workshop_.record(tune_.fingerprint);
  EXPECT_EQ(is.status, ProposalStatus::open);
  EXPECT_EQ(is.made, was.made);
  EXPECT_EQ(is.commit, was.commit);
}
TEST_F(Rebase, NeedsTheEvidence) {
  main_moves();
  must(workshop_.repository->delete_ref(evidence_ref(tune_.fingerprint)));
  EXPECT_THAT(error_of(rebased()), HasSubstr("oe sync fetch"));
}

}  // namespace
}  // namespace oe::evolve::test
