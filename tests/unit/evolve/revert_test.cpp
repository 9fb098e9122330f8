#include "evolve/revert.hpp"

#include "oe/evolve/policy.hpp"

#include "evolve/memory.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const Metric kFetches{"success of fetch", Direction::higher, Role::goal, Scale::yes_no};

Revert broken_promise(std::string diff = {}) {
  Revert revert{.proposal = {"aa11"}, .commit = {"c0ffee"}, .target = "fetch", .diff = std::move(diff),
                .metric = kFetches, .promised = 1};
  revert.runs.assign(8, Pair{.case_name = "r", .base = {0.0}, .candidate = {0.0}});
  return revert;
}

/// A change of the letters workflow that is in the history, to be taken back.
class TakingBack : public ::testing::Test {
 protected:
  /// Commits the working tree as the change; gives the operation that takes it back.
  Revert changed() {
    const git::Oid before = workshop_.repo.rev("HEAD");
    const git::Oid after = workshop_.repo.commit("the change");
    workshop_.reopen();
    return broken_promise(must(workshop_.repository->diff(before, after)));
  }
  Result<CheckedPatch> checked(const Revert& revert) {
    workshop_.reopen();
    OE_TRY(const Patch patch, render(*workshop_.repository, workshop_.base(), revert));
    return check(workshop_.judge(), workshop_.base(), revert, patch);
  }
  std::string in(const CheckedPatch& patch, const std::string& path) {
    const auto blob = must(workshop_.repository->read(patch.scratch, path));
    return blob ? blob->bytes : "gone";
  }
  void more_time() { workshop_.edit(Workshop::kPath, "timeout_ms: 20000", "timeout_ms: 40000"); }

  Workshop workshop_;
};

TEST_F(TakingBack, PutsTheLinesBackWhereverTheyStandNow) {
  more_time();
  const Revert revert = changed();
  workshop_.edit(Workshop::kPath, "name: letters", "# a heading\nname: letters");
  workshop_.repo.commit("something else since");
  const CheckedPatch patch = must(checked(revert));
  EXPECT_THAT(in(patch, Workshop::kPath), HasSubstr("timeout_ms: 20000"));
  EXPECT_THAT(in(patch, Workshop::kPath), HasSubstr("# a heading")) << "what came since stays";
}
TEST_F(TakingBack, TakesAFileAwayThatTheChangeMade) {
  more_time();
  workshop_.repo.write("flows/tools/new.sh", "echo new\n");
  const CheckedPatch patch = must(checked(changed()));
  EXPECT_EQ(in(patch, "flows/tools/new.sh"), "gone");
}
TEST_F(TakingBack, KeepsAFileThatSomebodyHasWorkedOn) {
  workshop_.repo.write("flows/tools/new.sh", "echo new\n");
  const Revert revert = changed();
  workshop_.repo.write("flows/tools/new.sh", "echo better\n");
  workshop_.repo.commit("better");
  EXPECT_THAT(error_of(checked(revert)), HasSubstr("somebody has worked on it"));
}
TEST_F(TakingBack, RefusesLinesThatAreOthersByNow) {
  more_time();
  const Revert revert = changed();
  workshop_.edit(Workshop::kPath, "timeout_ms: 40000", "timeout_ms: 50000");
  workshop_.repo.commit("other lines");
  EXPECT_THAT(error_of(checked(revert)), HasSubstr("is not as the change left it"));
}
TEST_F(TakingBack, NothingElseMayChange) {
  more_time();
  const Revert revert = changed();
  Patch patch = must(render(*workshop_.repository, workshop_.base(), revert));
  patch.files[0].bytes = *patch.files[0].bytes + "# and more\n";
  EXPECT_THAT(error_of(check(workshop_.judge(), workshop_.base(), revert, patch)), HasSubstr("breaks its contract"));
}
TEST_F(TakingBack, OnlyARevertMayTakeAFileAway) {
  more_time();
  const Revert revert = changed();
  const Patch patch{{{.path = "flows/words.jsonl", .bytes = std::nullopt}}};
  const TuneParam tune{.set = {.node = {"shout"}, .name = "timeout_ms", .value = Value::of(1)}};
  EXPECT_THAT(error_of(check_policy({}, workshop_.base(), tune, patch, "")), HasSubstr("may not delete"));
  EXPECT_TRUE(check_policy({}, workshop_.base(), revert, patch, ""));
  EXPECT_FALSE(check(workshop_.judge(), workshop_.base(), revert, patch)) << "and only one that the change has made";
}

TEST(RevertOperation, SurvivesTheRecord) {
  const Revert revert = broken_promise("diff --git a/w b/w\n");
  const Operation read = must(operation_of(to_value(revert)));
  EXPECT_EQ(std::get<Revert>(read), revert);
  EXPECT_EQ(branch_name({.operation = revert}, {"0123456789"}), "oe/revert/fetch/01234567");
}
TEST(RevertOperation, MoreRunsMakeItNoOtherProposal) {
  Revert more = broken_promise();
  more.runs.resize(16, more.runs.front());
  EXPECT_EQ(fingerprint({.operation = broken_promise()}, "w"), fingerprint({.operation = more}, "w"));
  more.commit = {"another merge"};
  EXPECT_NE(fingerprint({.operation = broken_promise()}, "w"), fingerprint({.operation = more}, "w"));
}

PairsShown trial_of_pairs(std::size_t count, double base, double candidate) {
  PairsShown trial{.metrics = {kFetches}};
  trial.pairs.assign(count, Pair{.case_name = "r", .base = {base}, .candidate = {candidate}});
  return trial;
}
TEST(EffectOfRevert, IsTheBrokenPromiseUnlessTheTrialObjects) {
  EXPECT_THAT(must(effect_of(trial_of_pairs(6, 0, 0), broken_promise())), HasSubstr("+100 % promised"));
  EXPECT_THAT(error_of(effect_of(trial_of_pairs(6, 1, 0), broken_promise())), HasSubstr("speaks for worse"));
}
TEST(EffectOfRevert, APromiseThatIsNotShownToBeBrokenIsKept) {
  Revert kept = broken_promise();
  for (Pair& pair : kept.runs) pair.candidate = {1.0};
  EXPECT_THAT(error_of(effect_of(trial_of_pairs(6, 0, 0), kept)), HasSubstr("not shown to be broken"));
}

TEST(MemoryOfReverts, WhatWasTakenBackIsRemembered) {
  ledger::ProposalRecord record{.fingerprint = {"rr"}, .status = ledger::ProposalStatus::accepted};
  record.made.operation = "revert";
  record.made.change = to_value(broken_promise("diff"));
  EXPECT_NE(Memory({record}).taken_back_by({"aa11"}), nullptr);
  EXPECT_EQ(Memory({record}).taken_back_by({"bb22"}), nullptr);
  record.status = ledger::ProposalStatus::open;
  EXPECT_EQ(Memory({record}).taken_back_by({"aa11"}), nullptr) << "nobody has agreed yet";
}

}  // namespace
}  // namespace oe::evolve::test
