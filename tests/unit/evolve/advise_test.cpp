#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using ledger::RunStatus;

const graph::Graph kPlain =
    GraphBuilder().field("list").tool("find", {}, {"list"}).each("scan", "$.list").timeout(300).edge("find", "scan");

// ---- healthy runs give no proposals

TEST(Advise, SaysNothingWithoutRuns) {
  EXPECT_TRUE(advise(evidence_of(kPlain, {})).empty());
}
TEST(Advise, SaysNothingAboutAQuickHealthyRun) {
  RunBuilder run(kPlain);
  run.ready("find").gives("list", json("[1,2,3]")).succeeds("find", kWhole, 5).ready("scan", 3);
  for (std::size_t i = 0; i < 3; ++i) run.succeeds("scan", i, 5);
  EXPECT_TRUE(advise(evidence_of(kPlain, {run.ends("scan").finish()})).empty());
}
TEST(Advise, SaysNothingAboutASlowChain) {
  GraphBuilder chain;
  RunBuilder run(chain.tool("a").tool("b").tool("c").edge("a", "b").edge("b", "c").concurrency(4));
  for (const char* id : {"a", "b", "c"}) run.ready(id).succeeds(id, kWhole, 2000);
  EXPECT_TRUE(advise(evidence_of(chain, {run.finish()})).empty());
}
TEST(Advise, SaysNothingAboutANodeThatAlwaysFails) {
  const graph::Graph graph = GraphBuilder().tool("build");
  std::vector<RecordedRun> runs;
  for (const char* id : {"r-1", "r-2", "r-3"})
    runs.push_back(
        RunBuilder(graph, id).ready("build").fails("build", kWhole, 5, "syntax error").finish(RunStatus::failed));
  EXPECT_TRUE(advise(evidence_of(graph, std::move(runs))).empty());
}
TEST(Advise, SaysNothingWhenAllItemsFail) {
  RunBuilder run(kPlain);
  run.ready("find").gives("list", json("[1,2,3,4]")).succeeds("find", kWhole, 5).ready("scan", 4);
  for (std::size_t i = 0; i < 4; ++i) run.fails("scan", i, 5, "tool is broken");
  EXPECT_TRUE(
      advise(evidence_of(kPlain, {run.ends("scan", ledger::Outcome::failed).finish(RunStatus::partial)})).empty());
}
TEST(Advise, SaysNothingAboutAHang) {
  RunBuilder run(kPlain);
  run.ready("find").gives("list", json("[1,2,3,4]")).succeeds("find", kWhole, 5).ready("scan", 4);
  for (std::size_t i = 0; i < 3; ++i) run.succeeds("scan", i, 5);
  run.times_out("scan", 3, 300).ends("scan", ledger::Outcome::failed);
  EXPECT_TRUE(advise(evidence_of(kPlain, {run.finish(RunStatus::partial)})).empty());
}
TEST(Advise, SaysNothingAboutACancelledRun) {
  RunBuilder run(kPlain);
  run.ready("find").gives("list", json("[1,2]")).succeeds("find", kWhole, 5).ready("scan", 2);
  run.is_cancelled("scan", 0, 200).is_cancelled("scan", 1, 200);
  EXPECT_TRUE(advise(evidence_of(kPlain, {run.finish(RunStatus::cancelled)})).empty());
}
TEST(Advise, SaysNothingAboutARunThatWasKilled) {
  RunBuilder run(kPlain);
  run.ready("find")
      .gives("list", json("[1,2]"))
      .succeeds("find", kWhole, 500)
      .ready("scan", 2)
      .succeeds("scan", 0, 100);
  EXPECT_TRUE(advise(evidence_of(kPlain, {run.recorded()})).empty());
}
TEST(Advise, SaysNothingAboutAnEmptyList) {
  RunBuilder run(kPlain);
  run.ready("find").gives("list", json("[]")).succeeds("find", kWhole, 500).ready("scan", 0).ends("scan");
  EXPECT_TRUE(advise(evidence_of(kPlain, {run.finish()})).empty());
}
TEST(Advise, SaysNothingAboutNodesThatHeadNoLongerHas) {
  RunBuilder run(kPlain);
  run.ready("scan", 2).succeeds("scan", 0, 250).times_out("scan", 1, 300).ends("scan", ledger::Outcome::failed);
  EXPECT_TRUE(advise(evidence_of(GraphBuilder().tool("other"), {run.finish(RunStatus::partial)})).empty());
}

// ---- order

// Item 0 is near the limit, item 1 passes it; `times` each. Item 2 breaks.
RunBuilder troubled(std::string id, int times) {
  RunBuilder run(kPlain, std::move(id));
  const auto count = static_cast<std::size_t>(times);
  std::string list = "{\"k\":0}";
  for (std::size_t i = 0; i < 2 * count; ++i) list += ",{\"k\":" + std::to_string(i) + "}";
  run.ready("find").gives("list", json("[" + list + "]")).succeeds("find", kWhole, 5).ready("scan", 2 * count + 1);
  for (std::size_t i = 0; i < count; ++i) run.succeeds("scan", 2 * i + 1, 250).times_out("scan", 2 * i + 2, 300);
  return run;
}

TEST(Advise, PutsTheSurestFirst) {
  RunBuilder run = troubled("r-1", 3);
  run.fails("scan", 0, 5, "boom", "", json(R"({"x":1})"));
  const auto proposals =
      advise(evidence_of(kPlain, {run.ends("scan", ledger::Outcome::failed).finish(RunStatus::partial)}));
  ASSERT_GE(proposals.size(), 2U);
  EXPECT_EQ(proposals[0].finding.rule, "timeout-too-short");
  EXPECT_EQ(proposals[0].confidence, Confidence::high);
  for (std::size_t i = 1; i < proposals.size(); ++i) EXPECT_LE(proposals[i].confidence, proposals[i - 1].confidence);
}
TEST(Advise, IsDeterministic) {
  RunBuilder run = troubled("r-1", 3);
  run.fails("scan", 0, 5, "boom", "", json(R"({"x":1})"));
  const Evidence evidence = evidence_of(kPlain, {run.ends("scan", ledger::Outcome::failed).finish(RunStatus::partial)});
  EXPECT_EQ(advise(evidence), advise(evidence));
}
TEST(Advise, ProposesEachParameterOnce) {
  RunBuilder run = troubled("r-1", 3);
  run.ends("scan", ledger::Outcome::failed);
  std::set<std::string> places;
  for (const Proposal& proposal : advise(evidence_of(kPlain, {run.finish(RunStatus::partial)})))
    EXPECT_TRUE(places.insert(to_value(proposal.operation).dump()).second);
}

TEST(Rules, HaveNamesThatTheirFindingsCarry) {
  std::set<std::string_view> names;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_FALSE(rule.finds.empty());
    EXPECT_NE(rule.propose, nullptr);
  }
  EXPECT_FALSE(names.empty());
}

// ---- the list of an Each

RecordedRun run_with_list(const graph::Graph& graph, std::string_view list, std::optional<std::uint64_t> items = {}) {
  return RunBuilder(graph)
      .ready("find")
      .gives("list", json(list))
      .succeeds("find", kWhole, 1)
      .ready("scan", items)
      .finish();
}

TEST(ItemsOf, GivesTheListAsTheEachSawIt) {
  EXPECT_EQ(items_of(run_with_list(kPlain, "[1,2]", 2), {"scan"}), json("[1,2]"));
}
TEST(ItemsOf, FollowsThePathIntoTheField) {
  const graph::Graph inner =
      GraphBuilder().field("list").tool("find", {}, {"list"}).each("scan", "$.list.rows").edge("find", "scan");
  EXPECT_EQ(items_of(run_with_list(inner, R"({"rows":[7]})"), {"scan"}), json("[7]"));
}
TEST(ItemsOf, JoinsWhatSeveralNodesAppended) {
  const graph::Graph both = GraphBuilder()
                                .field("list", graph::Merge::array_append)
                                .tool("more", {}, {"list"})
                                .tool("find", {}, {"list"})
                                .each("scan", "$.list")
                                .tool("late", {}, {"list"})
                                .edge("more", "scan")
                                .edge("find", "scan")
                                .edge("scan", "late");
  RunBuilder run(both);
  run.ready("find").gives("list", json("[3]")).succeeds("find", kWhole, 1);
  run.ready("more").gives("list", json("[1,2]")).succeeds("more", kWhole, 1).ready("scan", 3);
  run.ready("late").gives("list", json("[9]")).succeeds("late", kWhole, 1);
  EXPECT_EQ(items_of(run.finish(), {"scan"}), json("[1,2,3]")) << "in graph order, without what came behind";
}
TEST(ItemsOf, DoesNotGuess) {
  EXPECT_EQ(items_of(run_with_list(kPlain, "[1,2]", 3), {"scan"}), std::nullopt) << "another length was recorded";
  EXPECT_EQ(items_of(run_with_list(kPlain, "7"), {"scan"}), std::nullopt) << "no list";
  EXPECT_EQ(items_of(run_with_list(kPlain, "[1]"), {"find"}), std::nullopt) << "no Each";
  EXPECT_EQ(items_of(run_with_list(kPlain, "[1]"), {"nobody"}), std::nullopt);
  const RecordedRun unready =
      RunBuilder(kPlain).ready("find").gives("list", json("[1]")).succeeds("find", kWhole, 1).finish();
  EXPECT_EQ(items_of(unready, {"scan"}), std::nullopt) << "it never got ready";
}

}  // namespace
}  // namespace oe::evolve::test
