#include "evolve/contest.hpp"

#include "evolve/gather.hpp"
#include "evolve/kept_nodes.hpp"
#include "evolve/needed_paths.hpp"
#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A slow node that writes a field, and one behind it that reads the field and fails as its argument says.
constexpr std::string_view kTwoSteps = R"(name: steps
version: 0.1.0
state: { schema: { text: { type: string } } }
graph:
  nodes:
    - { id: make, kind: command, run: [sh, tools/make.sh], writes: [text] }
    - { id: use, kind: command, run: [sh, tools/use.sh, "{{text}}"], reads: [text], timeout_ms: 400 }
  edges: [{ from: make, to: use }]
)";

class ContestTest : public ::testing::Test {
 protected:
  ContestTest() {
    workshop_.repo.write("flows/experience.yaml", kTwoSteps);
    workshop_.repo.write("flows/tools/make.sh", "echo made >>made.log; echo text\n");
    workshop_.repo.write("flows/tools/use.sh", "test \"$1\" = text && sleep 0.6\n");
    workshop_.repo.write("elsewhere/big.txt", "not needed\n");
    workshop_.repo.commit("two steps");
    workshop_.reopen();
  }
  void record(std::size_t runs) {
    std::vector<RunId> ids;
    for (std::size_t i = 0; i < runs; ++i) ids.push_back(workshop_.run());
    workshop_.reopen();
    base_ = std::make_unique<Base>(workshop_.base());
    evidence_ = std::make_unique<Evidence>(
        must(gather(*workshop_.ledger, *workshop_.repository, *base_, {.workflow = Workshop::kPath, .runs = ids})));
  }
  TrialBasis basis() const {
    return {.evidence = *evidence_, .base = *base_, .events = [this](const RunId& run, const auto& each) {
              return workshop_.ledger->read(run, each);
            }};
  }
  Proposal longer(const std::string& node, int ms) const {
    Proposal proposal{.operation = TuneParam{.set = {.node = {node}, .name = "timeout_ms", .value = Value::of(ms)}},
                      .expectation = {Expectation::Kind::node_succeeds, {"use"}, 0}};
    proposal.finding.citations = {{evidence_->runs.back().state.id, 1}};
    return proposal;
  }
  CheckedPatch checked(const Proposal& proposal) {
    const Patch patch = must(render(*workshop_.repository, *base_, proposal.operation));
    return must(check(workshop_.judge(), *base_, proposal.operation, patch));
  }
  Verdict verdict(const Proposal& proposal) {
    const JudgeContext judge = workshop_.judge();
    const TrialBasis against = basis();
    const CheckedPatch patch = checked(proposal);
    return must(Contest(judge, against, proposal, patch).hold());
  }
  std::size_t trials() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(workshop_.judge_trials()),
                                                  std::filesystem::directory_iterator()));
  }
  /// The journals of all trials.
  std::string journals() const {
    std::string all;
    for (const auto& file : std::filesystem::directory_iterator(workshop_.judge_trials()))
      all += must(sys::read_file(file.path(), std::size_t{1} << 24));
    return all;
  }

  Workshop workshop_;
  std::unique_ptr<Base> base_;
  std::unique_ptr<Evidence> evidence_;
};

TEST_F(ContestTest, FindsAnImprovementInAsManyPairsAsTheStatisticsPromise) {
  record(1);
  const Verdict found = verdict(longer("use", 5000));
  EXPECT_EQ(found.kind, Verdict::Kind::better) << found.sentence;
  EXPECT_THAT(found.sentence, HasSubstr("success of use 0/"));
  EXPECT_LE(trials(), 16U);
}
TEST_F(ContestTest, TakesOverWhatThePatchDoesNotReach) {
  record(1);
  verdict(longer("use", 5000));
  EXPECT_THAT(journals(), HasSubstr("reused_from"));
  EXPECT_THAT(journals(), Not(HasSubstr(R"("type":"node.started","node":"make")")));
}
TEST_F(ContestTest, RunsTheWholeWhereTheRecordIsNotRepeatedOtherwise) {
  workshop_.repo.write("flows/tools/make.sh", "echo 1 >side.txt; echo text\n");
  workshop_.repo.write("flows/tools/use.sh", "test -e side.txt || exit 9; sleep 0.6\n");
  workshop_.repo.write("flows/.gitignore", "side.txt\n");
  workshop_.repo.commit("make leaves a file that use needs");
  record(1);
  const Verdict found = verdict(longer("use", 5000));
  EXPECT_EQ(found.kind, Verdict::Kind::better) << found.sentence;
}
TEST_F(ContestTest, GivesUpOnWhatNeverHelps) {
  workshop_.repo.write("flows/tools/use.sh", "echo broken >&2; exit 3\n");
  workshop_.repo.commit("broken");
  record(1);
  const Verdict found = verdict(longer("use", 5000));
  EXPECT_EQ(found.kind, Verdict::Kind::not_enough) << found.sentence;
  EXPECT_LE(trials(), 24U);
}
TEST_F(ContestTest, ChecksOutOnlyWhatTheWorkflowNeeds) {
  record(1);
  EXPECT_THAT(must(needed_paths(*workshop_.repository, *base_)), ElementsAre("flows"));
  const auto worktree = must(workshop_.repository->add_worktree(workshop_.judge().worktrees, "n", base_->commit, {"flows"}));
  EXPECT_TRUE(std::filesystem::exists(worktree->path() / Workshop::kPath));
  EXPECT_FALSE(std::filesystem::exists(worktree->path() / "elsewhere"));
}
TEST_F(ContestTest, KeepsNothingWhenThePatchChangesTheWholeRun) {
  record(1);
  graph::Graph after = base_->reading.graph;
  const Patch patch{.files = {{.path = Workshop::kPath, .bytes = ""}}};
  EXPECT_EQ(must(kept_nodes(*base_, after, patch, evidence_->runs[0])).size(), 2U) << "the same graph";
  after.runtime.concurrency = 7;
  EXPECT_TRUE(must(kept_nodes(*base_, after, patch, evidence_->runs[0])).empty());
}
TEST_F(ContestTest, KeepsNoNodeThatReadsAFileOfThePatch) {
  record(1);
  Patch patch{.files = {{.path = "flows/tools/make.sh", .bytes = ""}}};
  EXPECT_TRUE(must(kept_nodes(*base_, base_->reading.graph, patch, evidence_->runs[0])).empty());
  patch.files[0].path = "flows/tools/use.sh";
  EXPECT_THAT(must(kept_nodes(*base_, base_->reading.graph, patch, evidence_->runs[0])), ElementsAre(NodeId{"make"}));
  patch.files[0].path = "flows/unnamed.txt";
  EXPECT_TRUE(must(kept_nodes(*base_, base_->reading.graph, patch, evidence_->runs[0])).empty());
}

TEST(HoldOut, TakesAlwaysTheSameQuarterAndNothingOfAFewRuns) {
  Evidence evidence;
  for (int i = 0; i < 7; ++i) evidence.runs.push_back({.state = {.id = {"r-" + std::to_string(i)}}});
  EXPECT_TRUE(hold_out(evidence).empty());
  for (int i = 7; i < 100; ++i) evidence.runs.push_back({.state = {.id = {"r-" + std::to_string(i)}}});
  Evidence more = evidence;
  more.runs.push_back({.state = {.id = {"r-new"}}});
  const auto held = hold_out(evidence);
  EXPECT_GT(held.size(), 12U);
  EXPECT_LT(held.size(), 40U);
  EXPECT_EQ(held.size() + evidence.runs.size(), 100U);
  const auto again = hold_out(more);
  for (const RecordedRun& run : held)
    EXPECT_TRUE(std::ranges::any_of(again, [&](const RecordedRun& other) { return other.state.id == run.state.id; }));
}

}  // namespace
}  // namespace oe::evolve::test
