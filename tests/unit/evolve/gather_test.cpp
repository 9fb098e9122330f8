#include "evolve/gather.hpp"

#include <thread>

#include "oe/base/digest.hpp"

#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

class SelectRuns : public ::testing::Test {
 protected:
  /// A run in the ledger without its work: only what the choice looks at.
  RunId recorded(const std::string& workflow, const std::string& text, bool finished = true, int remarks = 0) {
    auto recorder = must(workshop_.ledger->start_run());
    const std::string digest = must(workshop_.ledger->keep_source(text));
    must(recorder->record(ledger::RunStarted{.workflow = workflow, .workflow_digest = digest}));
    for (int i = 0; i < remarks; ++i) must(recorder->record(ledger::NodeActivity{{.node = {"shout"}}, "."}));
    if (finished) must(recorder->record(ledger::RunFinished{}));
    must(recorder->close());
    const RunId id = recorder->id();
    if (!finished) held_.push_back(std::move(recorder));
    return id;
  }
  std::string now() const { return workshop_.repo.read(Workshop::kPath); }
  RunId of_now(int remarks = 0) { return recorded(Workshop::kPath, now(), true, remarks); }
  RunId of_other(const std::string& comment) { return recorded(Workshop::kPath, now() + "# " + comment + "\n"); }
  Result<Selection> selected(const EvolveOptions& options = {}) {
    workshop_.reopen();
    return select_runs(*workshop_.ledger, options, workshop_.place);
  }

  Workshop workshop_;
  std::vector<std::unique_ptr<ledger::RunRecorder>> held_;
};

TEST_F(SelectRuns, TakesTheRunsOfWhatHeadHas) {
  of_other("old");
  const RunId first = of_now(), second = of_now();
  const Selection selection = must(selected());
  EXPECT_EQ(selection.workflow, Workshop::kPath);
  EXPECT_THAT(selection.runs, ElementsAre(first, second)) << "oldest first";
  EXPECT_THAT(selection.notes, IsEmpty());
}
TEST_F(SelectRuns, LooksAtContentAndNotAtCommits) {
  const RunId before = of_now();
  workshop_.repo.write("README.md", "more");
  workshop_.repo.commit("unrelated");
  const RunId after = of_now();
  EXPECT_THAT(must(selected()).runs, ElementsAre(before, after));
}
TEST_F(SelectRuns, PrefersHeadToANewerDraft) {
  const RunId committed = of_now();
  of_other("a draft in the working tree");
  EXPECT_THAT(must(selected()).runs, ElementsAre(committed));
}
TEST_F(SelectRuns, SaysThatTheRunsSawOtherContent) {
  of_other("older");
  const RunId newest = of_other("newest");
  const Selection selection = must(selected());
  EXPECT_THAT(selection.runs, ElementsAre(newest));
  ASSERT_EQ(selection.notes.size(), 1U);
  EXPECT_THAT(selection.notes.front(), HasSubstr(newest.text + " ran with other content"));
}
TEST_F(SelectRuns, TakesFiftyAtMost) {
  const RunId oldest = of_now();
  std::vector<RunId> rest;
  for (int i = 0; i < 50; ++i) rest.push_back(of_now());
  // Two runs of one millisecond have no order.
  const Selection selection = must(selected());
  EXPECT_THAT(selection.runs, UnorderedElementsAreArray(rest)) << "without " << oldest;
  ASSERT_EQ(selection.notes.size(), 1U);
  EXPECT_THAT(selection.notes.front(), HasSubstr("the newest 50 of more runs"));
}
TEST_F(SelectRuns, TakesNoMoreEventsThanAreReadInAMomentButARunInAnyCase) {
  const RunId small = of_now(), large = of_now(15'000), larger = of_now(30'000);
  EXPECT_THAT(must(selected()).runs, ElementsAre(larger));
  const RunId newest = of_now(), last = of_now(5'000), end = of_now(4'000);
  const Selection selection = must(selected());
  EXPECT_THAT(selection.runs, ElementsAre(newest, last, end)) << "without " << small << large;
  EXPECT_THAT(selection.notes.front(), HasSubstr("the newest 3 of more runs"));
}
TEST_F(SelectRuns, TakesTheLastOnesWhateverTheyRan) {
  of_now();
  const RunId older = of_other("x"), newest = of_now();
  recorded("other.yaml", "name: other\n");
  const Selection selection = must(selected({.last = 2, .workflow = Workshop::kPath}));
  EXPECT_THAT(selection.runs, ElementsAre(older, newest));
  EXPECT_THAT(selection.notes.front(), HasSubstr(older.text + " ran with other content"));
  EXPECT_EQ(must(selected({.last = 9})).workflow, "other.yaml") << "that of the newest run";
  EXPECT_EQ(must(selected({.last = 9, .workflow = Workshop::kPath})).runs.size(), 3U);
}
TEST_F(SelectRuns, TakesThoseSinceATime) {
  of_now();
  std::this_thread::sleep_for(std::chrono::milliseconds(3));
  const RunId second = of_other("x"), third = of_now();
  const Timestamp since = must(workshop_.ledger->state(second)).started_at;
  EXPECT_THAT(must(selected({.since = since})).runs, ElementsAre(second, third));
  EXPECT_THAT(must(selected({.last = 1, .since = since})).runs, ElementsAre(third));
  EXPECT_THAT(error_of(selected({.since = since + std::chrono::hours(1)})), HasSubstr("no runs since 20"));
}
TEST_F(SelectRuns, LeavesOutARunThatGoesOn) {
  const RunId done = of_now();
  recorded(Workshop::kPath, now(), false);
  EXPECT_THAT(must(selected()).runs, ElementsAre(done));
}
TEST_F(SelectRuns, KeepsWorkflowsApart) {
  const RunId ours = of_now();
  recorded("other.yaml", "name: other\n");
  EXPECT_THAT(must(selected({.workflow = Workshop::kPath})).runs, ElementsAre(ours));
  EXPECT_EQ(must(selected()).workflow, "other.yaml") << "that of the newest run";
}
TEST_F(SelectRuns, TakesWhatIsNamedOnceAndInOrder) {
  const RunId first = of_now(), second = of_other("x"), third = of_now();
  const Selection selection = must(selected({.runs = {third, first, second, first}}));
  EXPECT_THAT(selection.runs, ElementsAre(first, second, third));
  ASSERT_EQ(selection.notes.size(), 1U);
  EXPECT_THAT(selection.notes.front(), HasSubstr(second.text));
}
TEST_F(SelectRuns, RefusesRunsOfTwoWorkflows) {
  const auto refused = selected({.runs = {of_now(), recorded("other.yaml", "name: other\n")}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::input);
  EXPECT_THAT(error_of(refused), HasSubstr("a run of other.yaml, not of flows/experience.yaml"));
}
TEST_F(SelectRuns, RefusesWithoutRuns) {
  EXPECT_EQ(selected().error().kind(), ErrorKind::input);
  EXPECT_THAT(error_of(selected()), HasSubstr("oe run"));
  EXPECT_FALSE(selected({.runs = {{"r-nosuch"}}}));
  of_now();
  EXPECT_FALSE(selected({.workflow = "other.yaml"}));
}

TEST(Gather, ReadsRunsAsTheyWere) {
  Workshop workshop;
  const RunId run = workshop.run();
  workshop.edit(Workshop::kPath, "timeout_ms: 20000", "timeout_ms: 30000");
  workshop.edit("flows/words.jsonl", "gamma", "delta");
  workshop.repo.commit("changed");
  workshop.repo.write("flows/words.jsonl", "not committed");
  workshop.reopen();
  const Base base = workshop.base();
  const Evidence evidence =
      must(gather(*workshop.ledger, *workshop.repository, base, {.workflow = Workshop::kPath, .runs = {run}}));
  ASSERT_EQ(evidence.runs.size(), 1U);
  using std::chrono::milliseconds;
  EXPECT_EQ(graph::leaf(*graph::find(evidence.runs[0].graph, {"shout"})).timeout, milliseconds(20000));
  EXPECT_EQ(graph::leaf(*graph::find(evidence.graph, {"shout"})).timeout, milliseconds(30000));
  const auto rows = evidence.rows("words.jsonl", graph::RowFormat::jsonl);
  ASSERT_TRUE(rows) << "of HEAD, not of the working tree";
  EXPECT_THAT(rows->dump(), HasSubstr("delta"));
  EXPECT_FALSE(evidence.rows("nosuch.jsonl", graph::RowFormat::jsonl));
  EXPECT_FALSE(evidence.rows("tools/shout.sh", graph::RowFormat::json)) << "no rows at all";
  EXPECT_TRUE(evidence.has_file("tools/shout.sh"));
  EXPECT_FALSE(evidence.has_file("README.md"));
}

// What the reader finds in a prompt is part of the node.
TEST(Gather, ReadsNodesWithPromptsAsHeadHasThem) {
  Workshop workshop;
  workshop.edit(Workshop::kPath, "  edges:\n",
                "    - { id: ask, kind: agent, prompt: ./ask.md, writes: [words] }\n  edges:\n");
  workshop.repo.write("flows/ask.md", "{{$run.id}}\n");
  workshop.repo.commit("an agent");
  workshop.reopen();
  auto recorder = must(workshop.ledger->start_run());
  must(recorder->record(
      ledger::RunStarted{.workflow = Workshop::kPath,
                         .workflow_digest = must(workshop.ledger->keep_source(workshop.repo.read(Workshop::kPath)))}));
  must(recorder->record(ledger::RunFinished{}));
  must(recorder->close());
  const Base base = workshop.base();
  const Evidence evidence = must(
      gather(*workshop.ledger, *workshop.repository, base, {.workflow = Workshop::kPath, .runs = {recorder->id()}}));
  EXPECT_EQ(evidence.runs[0].graph, evidence.graph);
}

}  // namespace
}  // namespace oe::evolve::test
