#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using graph::Merge;
using graph::RowFormat;
using ledger::RunStatus;

// How `scan` ended on an item: "" succeeded, "timeout", anything else is the error.
struct Entry {
  Value item;
  std::string error;
};

// A run of `find` (gives the list) and `scan` (runs over it).
RunBuilder scanned(const graph::Graph& graph, const std::vector<Entry>& entries, std::string id = "r-1") {
  RunBuilder run(graph, std::move(id));
  std::string list;
  for (const Entry& entry : entries) list += (list.empty() ? "" : ",") + entry.item.dump();
  run.ready("find").gives("list", json("[" + list + "]")).succeeds("find", kWhole, 1);
  run.ready("scan", entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [item, error] = entries[i];
    if (error.empty())
      run.succeeds("scan", i, 1, "scan " + item.dump());
    else if (error == "timeout")
      run.times_out("scan", i, 1, "scan " + item.dump());
    else
      run.fails("scan", i, 1, error, "scan " + item.dump(), item);
  }
  run.ends("scan", ledger::Outcome::failed);
  return run;
}

Entry ok(std::string_view item) {
  return {json(item), ""};
}
Entry broken(std::string_view item, std::string error = "no url") {
  return {json(item), std::move(error)};
}

// ---- breaking-item. The field is appended to, so that the other rule about lists stays silent.

const graph::Graph kAppended = GraphBuilder()
                                   .field("list", Merge::array_append)
                                   .tool("find", {}, {"list"})
                                   .each("scan", "$.list")
                                   .edge("find", "scan");

Evidence appended(const std::vector<Entry>& entries, Rows files = {}) {
  return evidence_of(kAppended, {scanned(kAppended, entries).finish(RunStatus::partial)}, std::move(files));
}

AddDatasetCase added(const Proposal& proposal) {
  return std::get<AddDatasetCase>(proposal.operation);
}

TEST(BreakingItemRule, KeepsTheItemWithItsErrorBesideTheWorkflow) {
  const Proposal proposal = the_only(appended({ok("1"), broken("2"), ok("3")}));
  EXPECT_EQ(added(proposal), (AddDatasetCase{{"scan"},
                                             "cases/scan.jsonl",
                                             RowFormat::jsonl,
                                             json(R"({"item":2,"error":"no url"})"),
                                             json("2"),
                                             true,
                                             "no url"}));
  EXPECT_EQ(proposal.finding.rule, "breaking-item");
  EXPECT_EQ(proposal.expectation, (Expectation{Expectation::Kind::case_reproduces, {"scan"}, 0}));
}
TEST(BreakingItemRule, CitesTheFailures) {
  RunBuilder run = scanned(kAppended, {ok("1"), broken("2"), ok("3")});
  const Proposal proposal = the_only(evidence_of(kAppended, {run.finish(RunStatus::partial)}));
  EXPECT_EQ(cited(proposal, "r-1"), (std::set{run.numbers_of<ledger::NodeFailed>().at(0)}));
}
TEST(BreakingItemRule, KeepsOnlyTheFirstLineOfTheError) {
  const Proposal proposal = the_only(appended({ok("1"), broken("2", "Error: no url\n    at scan.mjs:3")}));
  EXPECT_EQ(added(proposal).row.get("error"), Value::of("Error: no url"));
}
TEST(BreakingItemRule, LeavesOutWhereTheCheckoutLies) {
  const std::string error =
      "TypeError: no url (at /home/me/repo/tools/scan.mjs:4:38) in /items/3, see https://a.b/c/d.html";
  EXPECT_EQ(added(the_only(appended({ok("1"), broken("2", error)}))).error,
            "TypeError: no url (at scan.mjs:4:38) in /items/3, see https://a.b/c/d.html");
}
TEST(BreakingItemRule, TakesErrorsFromTwoCheckoutsAsAlike) {
  const Rows files = {{"cases/scan.jsonl", json(R"x([{"item":9,"error":"bad (at scan.mjs:4:38)"}])x")}};
  EXPECT_TRUE(advise(appended({ok("1"), broken("2", "bad (at /tmp/x/scan.mjs:7:1)")}, files)).empty());
}
TEST(BreakingItemRule, IsSilentWhenEveryItemFails) {
  EXPECT_TRUE(advise(appended({broken("1"), broken("2"), broken("3")})).empty());
}
TEST(BreakingItemRule, IsSilentAboutTimeouts) {
  EXPECT_TRUE(advise(appended({ok("1"), broken("2", "timeout")})).empty());
}
TEST(BreakingItemRule, IsSilentAboutAnItemThatAlsoSucceeded) {
  const Evidence evidence =
      evidence_of(kAppended, {scanned(kAppended, {ok("1"), broken("2")}, "r-1").finish(RunStatus::partial),
                              scanned(kAppended, {ok("1"), ok("2")}, "r-2").finish()});
  EXPECT_TRUE(of_rule(evidence, "breaking-item").empty());
}
TEST(BreakingItemRule, ComparesItemsByValueNotByPlace) {
  // 2 fails at one place and succeeds at another one: not the item's fault.
  EXPECT_TRUE(of_rule(appended({ok("1"), broken("2"), ok("2")}), "breaking-item").empty());
}
TEST(BreakingItemRule, TakesTheSmallestOfItemsThatFailAlike) {
  const Proposal proposal = the_only(
      appended({ok("1"), broken(R"({"id":"abcdef"})", "line 10: bad"), broken(R"({"id":"x"})", "line 7: bad")}));
  EXPECT_EQ(added(proposal).item, json(R"({"id":"x"})"));
  EXPECT_EQ(proposal.finding.citations.size(), 2U);
}
TEST(BreakingItemRule, TakesItemsThatOnlyDifferInTheNamedItemAsAlike) {
  EXPECT_EQ(advise(appended({ok("1"), broken(R"("left-pad")", "no licence in left-pad"),
                             broken(R"("right-pad")", "no licence in right-pad")}))
                .size(),
            1U);
}
TEST(BreakingItemRule, ProposesOneCaseForEachWayToFail) {
  EXPECT_EQ(advise(appended({ok("1"), broken("2", "no url"), broken("3", "bad date")})).size(), 2U);
}
TEST(BreakingItemRule, IsSilentAboutACaseThatIsThere) {
  const Rows files = {{"cases/scan.jsonl", json(R"([{"item":2,"error":"another text"}])")}};
  EXPECT_TRUE(advise(appended({ok("1"), broken("2"), ok("3")}, files)).empty());
}
TEST(BreakingItemRule, IsSilentAboutAWayToFailThatHasItsCase) {
  // The case on file is smaller than what was seen: an earlier proposal minimised it.
  const Rows files = {{"cases/scan.jsonl", json(R"([{"item":{"id":""},"error":"line 1: bad"}])")}};
  EXPECT_TRUE(advise(appended({ok("1"), broken(R"({"id":"abc"})", "line 7: bad")}, files)).empty());
}
TEST(BreakingItemRule, AddsToCasesOfAnotherKind) {
  const Rows files = {{"cases/scan.jsonl", json(R"([{"item":9,"error":"bad date"}, "no case at all"])")}};
  EXPECT_EQ(advise(appended({ok("1"), broken("2"), ok("3")}, files)).size(), 1U);
}
TEST(BreakingItemRule, LeavesOutHugeItems) {
  const std::string huge = "\"" + std::string(70'000, 'x') + "\"";
  EXPECT_TRUE(advise(appended({ok("1"), broken(huge)})).empty());
}
TEST(BreakingItemRule, GrowsSurerWithFailures) {
  const auto run = [](std::string id) {
    return scanned(kAppended, {ok("1"), broken("2")}, std::move(id)).finish(RunStatus::partial);
  };
  EXPECT_EQ(the_only(evidence_of(kAppended, {run("r-1")})).confidence, Confidence::low);
  EXPECT_EQ(the_only(evidence_of(kAppended, {run("r-1"), run("r-2")})).confidence, Confidence::medium);
  EXPECT_EQ(the_only(evidence_of(kAppended, {run("r-1"), run("r-2"), run("r-3")})).confidence, Confidence::high);
}
TEST(BreakingItemRule, StaysMediumOnManyFailuresOfOneRun) {
  const Evidence evidence = appended({ok("1"), broken("2"), broken("3"), broken("4"), broken("5")});
  EXPECT_EQ(the_only(evidence).confidence, Confidence::medium);
}

// A list that `seeds` keeps by hand and `find` adds to.
graph::Graph seeded(RowFormat format, const std::string& file) {
  return GraphBuilder()
      .field("list", Merge::array_append)
      .dataset("seeds", file, format, "list")
      .tool("find", {}, {"list"})
      .each("scan", "$.list")
      .edge("seeds", "find")
      .edge("find", "scan");
}
Evidence seeded_evidence(RowFormat format, const std::string& file, std::string_view rows, const Entry& entry) {
  const graph::Graph graph = seeded(format, file);
  Rows files;
  if (!rows.empty()) files["seeds/list"] = json(rows);
  return evidence_of(graph, {scanned(graph, {ok(R"({"id":"a"})"), entry}).finish(RunStatus::partial)}, files);
}

TEST(BreakingItemRule, PutsTheItemIntoAHandKeptListThatItFits) {
  const Proposal proposal =
      the_only(seeded_evidence(RowFormat::csv, "./seeds/list", R"([{"id":"a"}])", broken(R"({"id":"b"})")));
  EXPECT_EQ(
      added(proposal),
      (AddDatasetCase{
          {"scan"}, "seeds/list", RowFormat::csv, json(R"({"id":"b"})"), json(R"({"id":"b"})"), false, "no url"}));
}
TEST(BreakingItemRule, TakesItsOwnFileWhenTheListHasTheItem) {
  const auto evidence =
      seeded_evidence(RowFormat::csv, "seeds/list", R"([{"id":"a"},{"id":"b"}])", broken(R"({"id":"b"})"));
  EXPECT_EQ(added(the_only(evidence)).file, "cases/scan.jsonl");
}
TEST(BreakingItemRule, TakesItsOwnFileWhenTheItemHasNoSuchColumns) {
  for (const char* item : {R"({"id":"b","more":"x"})", R"({"name":"b"})", R"({"id":7})", R"({"id":null})", R"("b")"}) {
    const auto evidence = seeded_evidence(RowFormat::csv, "seeds/list", R"([{"id":"a"}])", broken(item));
    EXPECT_EQ(added(the_only(evidence)).file, "cases/scan.jsonl") << item;
  }
}
TEST(BreakingItemRule, PutsAnyObjectIntoAJsonList) {
  const auto evidence = seeded_evidence(RowFormat::json, "seeds/list", R"([{"id":"a"}])", broken(R"({"id":7})"));
  EXPECT_EQ(added(the_only(evidence)).file, "seeds/list");
}
TEST(BreakingItemRule, TakesItsOwnFileWhenTheListIsNotThere) {
  EXPECT_EQ(added(the_only(seeded_evidence(RowFormat::json, "seeds/list", "", broken("7")))).file, "cases/scan.jsonl");
}
TEST(BreakingItemRule, NeverWritesOutsideTheWorkflowsDirectory) {
  for (const char* file : {"../seeds/list", "/seeds/list", "a/../../seeds/list"}) {
    const graph::Graph graph = seeded(RowFormat::json, file);
    Evidence evidence = evidence_of(graph, {scanned(graph, {ok("1"), broken("2")}).finish(RunStatus::partial)});
    evidence.rows = [](const std::string& name, RowFormat) -> std::optional<Value> {
      return name.starts_with("cases/") ? std::nullopt : std::optional(json("[1]"));
    };
    EXPECT_EQ(added(the_only(evidence)).file, "cases/scan.jsonl") << file;
  }
}

// ---- unchecked-list

const graph::Graph kListed = GraphBuilder()
                                 .field("list")
                                 .tool("find", {}, {"list"})
                                 .phase("collect")
                                 .each("scan", "$.list")
                                 .edge("find", "scan");

std::vector<Proposal> checks(const graph::Graph& graph, const std::vector<Entry>& entries, Rows files = {}) {
  return of_rule(evidence_of(graph, {scanned(graph, entries).finish(RunStatus::partial)}, std::move(files)),
                 "unchecked-list");
}
std::vector<Proposal> checks(const std::vector<Entry>& entries) {
  return checks(kListed, entries);
}
const std::vector<Entry> kOneWithoutUrl = {ok(R"({"url":"a"})"), ok(R"({"url":"b"})"), broken(R"({"id":7})"),
                                           ok(R"({"url":"c"})")};

AddNode new_node(const Proposal& proposal) {
  return std::get<AddNode>(proposal.operation);
}

TEST(UncheckedListRule, PutsACheckBetweenProducerAndConsumer) {
  const auto proposals = checks(kOneWithoutUrl);
  ASSERT_EQ(proposals.size(), 1U);
  const AddNode add = new_node(proposals[0]);
  EXPECT_EQ(add.insert.after, NodeId{"find"});
  EXPECT_EQ(add.insert.node, json(R"({"id":"check_list","kind":"tool","impl":"./tools/check_list.mjs","phase":"collect",
                                      "reads":["list"],"writes":["list"]})"));
  EXPECT_EQ(add.insert.edges, (std::vector<graph::Edge>{{.from = {"check_list"}, .to = {"scan"}},
                                                        {.from = {"find"}, .to = {"check_list"}}}));
  ASSERT_EQ(add.files.size(), 1U);
  EXPECT_EQ(add.files[0].path, "tools/check_list.mjs");
  EXPECT_NE(add.files[0].bytes->find("url is missing or null"), std::string::npos) << *add.files[0].bytes;
}
TEST(UncheckedListRule, ExpectsFewerFailedItems) {
  const auto proposals = checks(kOneWithoutUrl);
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].expectation, (Expectation{Expectation::Kind::fewer_failed_items, {"scan"}, 1}));
  EXPECT_NE(proposals[0].rationale.find("does not repair"), std::string::npos);
}
TEST(UncheckedListRule, CitesTheFailures) {
  RunBuilder run = scanned(kListed, kOneWithoutUrl);
  const auto proposals = of_rule(evidence_of(kListed, {run.finish(RunStatus::partial)}), "unchecked-list");
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(cited(proposals[0], "r-1"), (std::set{run.numbers_of<ledger::NodeFailed>().at(0)}));
}
TEST(UncheckedListRule, IsSilentBelowThreePassingEntries) {
  EXPECT_TRUE(checks({ok(R"({"url":"a"})"), ok(R"({"url":"b"})"), broken("{}")}).empty());
}
TEST(UncheckedListRule, IsSilentWhenNoSimpleTestTellsThemApart) {
  EXPECT_TRUE(checks({ok("1"), ok("2"), broken("3"), ok("4")}).empty());
}
TEST(UncheckedListRule, NeverDropsAnEntryThatMayPass) {
  // The entry without a url timed out once: it is not known to fail.
  EXPECT_TRUE(checks({ok(R"({"url":"a"})"), ok(R"({"url":"b"})"), broken(R"({"id":7})"), ok(R"({"url":"c"})"),
                      broken(R"({"id":8})", "timeout")})
                  .empty());
}
TEST(UncheckedListRule, FindsATestForOneKindOfFailure) {
  auto entries = kOneWithoutUrl;
  entries.push_back(broken(R"({"url":"d"})", "server on fire"));
  const auto proposals = checks(entries);
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].expectation.before, 2U);
}
TEST(UncheckedListRule, PrefersTheMemberThatTheErrorNames) {
  const auto proposals = checks({ok(R"({"a":1,"url":"x"})"), ok(R"({"a":1,"url":"y"})"), ok(R"({"a":1,"url":"z"})"),
                                 broken("{}", "cannot read url of undefined")});
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_NE(proposals[0].rationale.find("url is missing"), std::string::npos) << proposals[0].rationale;
  EXPECT_EQ(proposals[0].confidence, Confidence::medium);
}
TEST(UncheckedListRule, TakesAWholeWordForAName) {
  const auto proposals = checks(
      {ok(R"({"a":1,"id":1})"), ok(R"({"a":1,"id":2})"), ok(R"({"a":1,"id":3})"), broken("{}", "invalid thing")});
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(proposals[0].confidence, Confidence::low) << "'id' in 'invalid' is no name";
}
TEST(UncheckedListRule, GrowsSurerWithEntries) {
  const auto with = [](int passing, int failing) {
    std::vector<Entry> entries;
    for (int i = 0; i < passing; ++i) entries.push_back(ok(R"({"url":")" + std::to_string(i) + "\"}"));
    for (int i = 0; i < failing; ++i) entries.push_back(broken(R"({"id":)" + std::to_string(i) + "}", "boom"));
    return checks(entries).at(0).confidence;
  };
  EXPECT_EQ(with(4, 2), Confidence::low);
  EXPECT_EQ(with(5, 1), Confidence::low);
  EXPECT_EQ(with(5, 2), Confidence::medium);
  EXPECT_EQ(with(9, 3), Confidence::medium);
  EXPECT_EQ(with(10, 3), Confidence::high);
}

TEST(UncheckedListRule, IsSilentWhereWritesAreNotReplaced) {
  for (const Merge merge : {Merge::array_append, Merge::set_once}) {
    const graph::Graph graph =
        GraphBuilder().field("list", merge).tool("find", {}, {"list"}).each("scan", "$.list").edge("find", "scan");
    EXPECT_TRUE(checks(graph, kOneWithoutUrl).empty());
  }
}
TEST(UncheckedListRule, IsSilentWhenAnotherNodeWritesTheListToo) {
  const graph::Graph graph = GraphBuilder()
                                 .field("list")
                                 .tool("find", {}, {"list"})
                                 .tool("check_list", {"list"}, {"list"})
                                 .each("scan", "$.list")
                                 .edge("find", "check_list")
                                 .edge("check_list", "scan");
  EXPECT_TRUE(checks(graph, kOneWithoutUrl).empty());
}
TEST(UncheckedListRule, IsSilentWhenNoEdgesLeadFromProducerToConsumer) {
  const graph::Graph graph = GraphBuilder().field("list").tool("find", {}, {"list"}).each("scan", "$.list");
  EXPECT_TRUE(checks(graph, kOneWithoutUrl).empty());
}
TEST(UncheckedListRule, IsSilentAboutAListInsideAField) {
  const graph::Graph graph =
      GraphBuilder().field("list").tool("find", {}, {"list"}).each("scan", "$.list.rows").edge("find", "scan");
  EXPECT_TRUE(checks(graph, kOneWithoutUrl).empty());
}
TEST(UncheckedListRule, LeavesOutRunsWithAnotherProducer) {
  graph::Graph before = kListed;
  std::get<graph::Tool>(before.nodes[0].work).impl = "./tools/old.mjs";
  const Evidence evidence = evidence_of(kListed, {scanned(before, kOneWithoutUrl).finish(RunStatus::partial)});
  EXPECT_TRUE(of_rule(evidence, "unchecked-list").empty());
}
TEST(UncheckedListRule, TakesANameThatIsFree) {
  const Rows files = {{"tools/check_list.mjs", Value()}};
  const auto proposals = checks(kListed, kOneWithoutUrl, files);
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(new_node(proposals[0]).insert.node.get("id"), Value::of("check_list_2"));
  EXPECT_EQ(new_node(proposals[0]).files[0].path, "tools/check_list_2.mjs");
}
TEST(UncheckedListRule, PutsTheFileWhereTheWorkflowKeepsItsTools) {
  graph::Graph graph = kListed;
  std::get<graph::Tool>(graph.nodes[0].work).impl = "lib/steps/find.mjs";
  const auto proposals = checks(graph, kOneWithoutUrl);
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(new_node(proposals[0]).files[0].path, "lib/steps/check_list.mjs");
}
TEST(UncheckedListRule, NeverPutsTheFileOutsideTheWorkflow) {
  graph::Graph graph = kListed;
  std::get<graph::Tool>(graph.nodes[0].work).impl = "../shared/find.mjs";
  std::get<graph::Tool>(std::get<graph::Each>(graph.nodes[1].work).body->nodes[0].work).impl = "/opt/scan.mjs";
  const auto proposals = checks(graph, kOneWithoutUrl);
  ASSERT_EQ(proposals.size(), 1U);
  EXPECT_EQ(new_node(proposals[0]).files[0].path, "tools/check_list.mjs");
}
TEST(UncheckedListRule, ChecksAListForItsFirstConsumerOnly) {
  const graph::Graph graph = GraphBuilder()
                                 .field("list")
                                 .tool("find", {}, {"list"})
                                 .each("scan", "$.list")
                                 .each("rate", "$.list")
                                 .edge("find", "scan")
                                 .edge("find", "rate");
  RunBuilder run = scanned(graph, kOneWithoutUrl);
  run.ready("rate", kOneWithoutUrl.size());
  for (std::size_t i = 0; i < kOneWithoutUrl.size(); ++i)
    i == 2 ? run.fails("rate", i, 1, "no url", "", kOneWithoutUrl[i].item) : run.succeeds("rate", i, 1);
  const auto proposals = of_rule(
      evidence_of(graph, {run.ends("rate", ledger::Outcome::failed).finish(RunStatus::partial)}), "unchecked-list");
  EXPECT_EQ(proposals.size(), 1U);
}

}  // namespace
}  // namespace oe::evolve::test
