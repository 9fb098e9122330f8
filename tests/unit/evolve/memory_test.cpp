#include "evolve/memory.hpp"

#include <nlohmann/json.hpp>

#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ledger::ProposalStatus;
using ::testing::HasSubstr;
using Fate = Judged::Fate;

std::string family_of(const Operation& operation, std::string_view workflow = "w.yaml") {
  return family(to_value(operation), workflow);
}
Operation tune(const std::string& node, const std::string& name, int value) {
  return TuneParam{.set = {.node = {node}, .name = name, .value = Value::of(value)}};
}
Operation row(const std::string& item, const std::string& error) {
  return AddDatasetCase{.node = {"n"}, .file = "cases/n.jsonl", .item = json(item), .error = error};
}

TEST(Family, IsTheParameterWhateverItsValue) {
  EXPECT_EQ(family_of(tune("a", "timeout_ms", 100)), family_of(tune("a", "timeout_ms", 120)));
  EXPECT_NE(family_of(tune("a", "timeout_ms", 100)), family_of(tune("b", "timeout_ms", 100)));
  EXPECT_NE(family_of(tune("a", "timeout_ms", 100)), family_of(tune("a", "deadline_ms", 100)));
  EXPECT_NE(family_of(tune("a", "timeout_ms", 100)), family_of(tune("a", "timeout_ms", 100), "other.yaml"));
}
TEST(Family, OfACaseIsTheWayItFails) {
  EXPECT_EQ(family_of(row("1", "no such item 1")), family_of(row("2", "no such item 2")));
  EXPECT_NE(family_of(row("1", "no such item")), family_of(row("1", "the disk is full")));
  EXPECT_NE(family_of(row("1", "")), family_of(row("2", ""))) << "without a failure each case is its own";
}

/// The letters workflow after two runs, and a ledger that remembers another value for what the rules will propose.
class MemoryTest : public ::testing::Test {
 protected:
  MemoryTest() {
    workshop_.run_twice();
    options_.dry_run = true;
    const Judged now = Workshop::judged(workshop_.evolved(options_), "tune-param");
    options_.dry_run = false;
    nlohmann::json change = to_value(now.proposal.operation).json();
    change["value"] = 7;
    made_ = {.operation = "tune-param", .target = "fetch", .title = "Another value", .rule = now.proposal.finding.rule,
             .workflow = Workshop::kPath, .change = Value(std::move(change)), .base = workshop_.repo.rev("HEAD").text};
  }
  void remember(ledger::ProposalBody body) {
    must(workshop_.ledger->record({other_, sys::system_clock().now(), std::move(body)}));
  }
  Judged judged() { return Workshop::judged(workshop_.evolved(options_), "tune-param"); }

  Workshop workshop_;
  EvolveOptions options_;
  const Fingerprint other_{std::string(64, 'f')};
  ledger::ProposalMade made_;
};

TEST_F(MemoryTest, AnotherValueOfWhatWasRejectedIsNotProposed) {
  remember(made_);
  remember(ledger::ProposalRefused{"we want to see it fail", "ada@example.com"});
  const Judged now = judged();
  EXPECT_EQ(now.fate, Fate::rejected_before);
  EXPECT_THAT(now.reason, HasSubstr("another of its kind (ffffffff) was rejected: we want to see it fail"));
  EXPECT_EQ(workshop_.repo.git({"branch", "--list", "oe/tune-param/*"}), "");
}
TEST_F(MemoryTest, OnOtherEvidenceItIsAndSaysSo) {
  made_.rule = "a-rule-of-another-kind";
  remember(made_);
  remember(ledger::ProposalRefused{"not on that ground", "ada@example.com"});
  const Judged now = judged();
  EXPECT_EQ(now.fate, Fate::committed) << now.reason;
  EXPECT_THAT(now.proposal.rationale, HasSubstr("(a-rule-of-another-kind), was rejected: not on that ground"));
  EXPECT_THAT(workshop_.repo.git({"log", "-1", "--format=%B", now.branch}), HasSubstr("not on that"));
}
TEST_F(MemoryTest, AnotherValueOfWhatIsOpenGoesOntoItsBranch) {
  const std::string branch = "oe/tune-param/fetch/ffffffff";
  workshop_.repo.git({"branch", branch});
  remember(made_);
  remember(ledger::ProposalCommitted{branch, workshop_.repo.rev("HEAD").text});
  const Judged now = judged();
  EXPECT_EQ(now.fate, Fate::committed) << now.reason;
  EXPECT_EQ(now.branch, branch);
  EXPECT_EQ(workshop_.repo.rev(branch).text, now.commit);
  EXPECT_EQ(workshop_.record(other_).status, ProposalStatus::unproven);
  EXPECT_THAT(workshop_.record(other_).reason, HasSubstr("superseded by " + now.fingerprint.text.substr(0, 8)));
  EXPECT_EQ(must(find_proposal(*workshop_.ledger, branch)).fingerprint, now.fingerprint);
  EXPECT_EQ(judged().fate, Fate::unchanged) << "the second time";
}
TEST_F(MemoryTest, ABranchOnWhichSomebodyWorkedStaysTheirs) {
  const std::string branch = "oe/tune-param/fetch/ffffffff";
  workshop_.repo.git({"branch", branch});
  remember(made_);
  remember(ledger::ProposalCommitted{branch, std::string(40, '1')});
  const Judged now = judged();
  EXPECT_EQ(now.fate, Fate::committed) << now.reason;
  EXPECT_NE(now.branch, branch);
  EXPECT_EQ(workshop_.repo.rev(branch), workshop_.repo.rev("HEAD"));
}

}  // namespace
}  // namespace oe::evolve::test
