#include "evolve/recognise.hpp"

#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using Fate = Judged::Fate;
using ledger::ProposalRecord;
using ledger::ProposalStatus;
using ::testing::HasSubstr;

/// The letters workflow, and proposals about one timeout that the ledger has as open.
class RecogniseTest : public ::testing::Test {
 protected:
  RecogniseTest() {
    workshop_.reopen();
    base_ = std::make_unique<Base>(workshop_.base());
  }
  static Proposal timeout(int ms) {
    return {.operation = TuneParam{.set = {.node = {"shout"}, .name = "timeout_ms", .value = Value::of(ms)}},
            .finding = {.rule = "timeout-too-short"}};
  }
  Judged judged(int ms, Descent descent = {}) const {
    Judged one{.proposal = timeout(ms), .descent = std::move(descent)};
    one.fingerprint = fingerprint(one.proposal, Workshop::kPath);
    return one;
  }
  /// With a branch of its own at HEAD.
  ProposalRecord open(int ms, const Fingerprint& parent = {}) {
    const Judged one = judged(ms);
    const std::string branch = branch_name(one.proposal, one.fingerprint), head = workshop_.repo.rev("HEAD").text;
    workshop_.repo.git({"branch", "-f", branch});
    ProposalRecord record{.fingerprint = one.fingerprint, .status = ProposalStatus::open, .branch = branch,
                          .commit = head, .commits = {head}};
    record.made = {.rule = "timeout-too-short", .workflow = Workshop::kPath, .change = to_value(one.proposal.operation),
                   .base = head, .parent = parent};
    record.outcome.verdict = "better";
    return record;
  }
  bool recognised(std::vector<ProposalRecord> records, Judged& one) {
    workshop_.reopen();
    return must(recognise(*workshop_.repository, *base_, Memory(std::move(records)), one));
  }

  Workshop workshop_;
  std::unique_ptr<Base> base_;
  const Fingerprint below_{std::string(64, 'b')};
};

TEST_F(RecogniseTest, WhatIsOpenComesWithWhatItsContestShowed) {
  Judged one = judged(900);
  EXPECT_TRUE(recognised({open(900)}, one));
  EXPECT_EQ(one.fate, Fate::unchanged);
  EXPECT_EQ(one.outcome.verdict, "better");
}
TEST_F(RecogniseTest, AnotherValueTakesTheBranchOverInTheFirstGenerationOnly) {
  Judged first = judged(900);
  EXPECT_FALSE(recognised({open(800)}, first));
  ASSERT_TRUE(first.supersedes);
  Judged later = judged(900, {{}, 2, "baseline"});
  EXPECT_FALSE(recognised({open(800)}, later));
  EXPECT_FALSE(later.supersedes);
}
TEST_F(RecogniseTest, WhatStandsOnAnotherProposalIsNotMoved) {
  Judged first = judged(900);
  EXPECT_FALSE(recognised({open(800, below_)}, first));
  EXPECT_FALSE(first.supersedes) << "another value of it, on another ground";
}
TEST_F(RecogniseTest, WhatIsOpenOnAnotherGroundStaysThereWhileThatIsThere) {
  ProposalRecord below = open(100);
  below.fingerprint = below_;
  Judged here = judged(900);
  EXPECT_TRUE(recognised({below, open(900, below_)}, here));
  EXPECT_THAT(here.reason, HasSubstr("on another ground"));
  EXPECT_EQ(here.descent.parent, below_);
  EXPECT_EQ(here.outcome.verdict, "") << "measured against something else: nothing is built upon it here";

  below.status = ProposalStatus::rejected;
  Judged free = judged(900);
  free.proposal.finding.rule = "another";  // nor is it a relative of what was rejected
  ProposalRecord fallen = open(900, below_);
  fallen.commit = "moved on";
  EXPECT_FALSE(recognised({below, fallen}, free)) << "its ground is gone, so it is made again";
}
TEST_F(RecogniseTest, OnAProposalWhatIsOpenByItselfIsNotMadeAgain) {
  Judged child = judged(900, {below_, 2, "evolution"});
  EXPECT_TRUE(recognised({open(900)}, child));
  EXPECT_TRUE(child.descent.parent.empty());
}

}  // namespace
}  // namespace oe::evolve::test
