#include "oe/ledger/proposal_record.hpp"

#include <gtest/gtest.h>

#include "unit/ledger/samples.hpp"

namespace oe::ledger {
namespace {

using test::at_ms;
using test::json;

ProposalMade made(const char* title) {
  return {.operation = "tune-param",
          .target = "fetch",
          .title = title,
          .rationale = "seen \"often\"\nin two runs",
          .confidence = "high",
          .rule = "timeout-near",
          .workflow = "experience.yaml",
          .runs = {{"r-1"}, {"r-2"}},
          .change = json(R"({"path":"/graph/nodes/0/timeout_ms","value":900})"),
          .diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n",
          .base = "abc"};
}

ProposalMade child_of(const char* parent) {
  ProposalMade child = made("child");
  child.parent = {parent};
  child.generation = 2;
  child.arm = "evolution";
  child.advisor = "rules";
  return child;
}

ContestOutcome outcome() {
  return {.verdict = "better",
          .metric = "success",
          .pairs = 9,
          .wins = 8,
          .losses = 1,
          .cases = json(R"([{"case":"r-1","metric":"success","gain":0.5}])"),
          .trials = json(R"([{"run":"t-new-1","case":"r-1","held_out":false}])")};
}

std::vector<ProposalEvent> events_of(const std::vector<ProposalBody>& bodies, const char* fingerprint = "f1") {
  std::vector<ProposalEvent> events;
  for (const ProposalBody& body : bodies)
    events.push_back({{fingerprint}, at_ms(static_cast<std::int64_t>(events.size())), body});
  return events;
}

ProposalRecord folded(const std::vector<ProposalBody>& bodies) {
  return fold_proposals(events_of(bodies)).at(0);
}

TEST(ProposalEvent, EveryTypeRoundTrips) {
  const std::vector<ProposalBody> bodies = {made("t"),
                                            PatchAccepted{"no timeouts in 3 trials"},
                                            PatchRejected{"invalid"},
                                            ProposalCommitted{"oe/tune-param/fetch/12345678", "c0ffee"},
                                            ProposalTaken{"beef"},
                                            ProposalRefused{"too slow", "Ann"},
                                            ProposalSubmitted{"gitlab", "https://g.example/7", 7, "origin", "c0ffee"},
                                            SubmissionClosed{"superseded"},
                                            ProposalReopened{"oe/tune-param/fetch/12345678", "c0ffee", "Ann"},
                                            child_of("f0"),
                                            PatchAccepted{"better", outcome()},
                                            PatchRejected{"worse", outcome()},
                                            ProposalMade{},
                                            PatchAccepted{},
                                            PatchRejected{},
                                            ProposalCommitted{},
                                            ProposalTaken{},
                                            ProposalRefused{},
                                            ProposalSubmitted{},
                                            SubmissionClosed{},
                                            ProposalReopened{}};
  for (const ProposalEvent& event : events_of(bodies)) {
    const std::string line = to_json_line(event);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const Result<ProposalEvent> read = parse_proposal_event(line);
    ASSERT_TRUE(read) << read.error().to_string() << "\n" << line;
    EXPECT_EQ(*read, event) << line;
  }
}

TEST(ProposalEvent, HasTheNamesOfTheFormat) {
  EXPECT_EQ(to_json_line(ProposalEvent{{"f1"}, at_ms(0), ProposalRefused{"no", "Ann"}}),
            R"({"v":1,"type":"proposal.rejected","fingerprint":"f1","ts":"2026-06-01T09:00:00.000Z",)"
            R"("why":"no","who":"Ann"})");
  EXPECT_EQ(to_json_line(ProposalEvent{{"f1"}, at_ms(0), PatchRejected{"x"}}).substr(0, 30),
            R"({"v":1,"type":"patch.rejected")");
}

TEST(ProposalEvent, OfAnOlderOeIsOfTheFirstGenerationAndStandsOnNothing) {
  const auto read = parse_proposal_event(
      R"({"v":1,"type":"proposal.made","fingerprint":"f","ts":"2026-06-01T09:00:00.000Z","operation":"o","target":"t","change":{}})");
  ASSERT_TRUE(read);
  const auto& body = std::get<ProposalMade>(read->body);
  EXPECT_EQ(body.generation, 1U);
  EXPECT_TRUE(body.parent.empty());
  EXPECT_EQ(body.arm + body.advisor, "");
}

TEST(ProposalEvent, RefusesWhatItDoesNotKnow) {
  for (
      const char* const line :
      {"", "{}", "[]", R"({"v":1,"type":"proposal.dreamt","fingerprint":"f","ts":"2026-06-01T09:00:00.000Z"})",
       R"({"v":1,"type":"patch.rejected","fingerprint":"f","ts":"2026-06-01T09:00:00.000Z"})",
       R"({"v":3,"type":"patch.accepted","fingerprint":"f","ts":"2026-06-01T09:00:00.000Z"})",
       R"({"v":1,"type":"proposal.made","fingerprint":"f","ts":"2026-06-01T09:00:00.000Z","operation":"o","target":"t","change":{},"runs":[1]})"})
    EXPECT_FALSE(parse_proposal_event(line)) << line;
}

TEST(ProposalRecord, GoesFromMadeToAccepted) {
  EXPECT_EQ(folded({made("t")}).status, ProposalStatus::made);
  EXPECT_EQ(folded({made("t"), PatchAccepted{"better"}}).status, ProposalStatus::proven);
  EXPECT_EQ(folded({made("t"), PatchAccepted{"better"}, ProposalCommitted{"b", "c"}}).status, ProposalStatus::open);
  const ProposalRecord record =
      folded({made("t"), PatchAccepted{"better"}, ProposalCommitted{"b", "c"}, ProposalTaken{"d"}});
  EXPECT_EQ(record, (ProposalRecord{.fingerprint = {"f1"},
                                    .status = ProposalStatus::accepted,
                                    .made = made("t"),
                                    .made_at = at_ms(0),
                                    .decided_at = record.decided_at,
                                    .effect = "better",
                                    .branch = "b",
                                    .commit = "d",
                                    .commits = {"c"}}));
}

// Two clones learn of each other's decisions in another order.
TEST(ProposalRecord, AgreesWithAnotherCloneThatDecidedDifferently) {
  const auto event = [](int ms, ProposalBody body) { return ProposalEvent{{"f1"}, at_ms(ms), std::move(body)}; };
  const ProposalEvent made_here = event(0, made("t"));
  const ProposalEvent committed = event(1, ProposalCommitted{"b", "c"});
  const ProposalEvent no = event(5, ProposalRefused{"why", "who"});
  const ProposalEvent yes = event(9, ProposalTaken{"d"});
  const ProposalEvent made_there = event(2, made("t"));
  for (const std::vector<ProposalEvent>& events :
       {std::vector{made_here, committed, yes, made_there, no}, std::vector{made_here, committed, no, made_there, yes}}) {
    const auto records = fold_proposals(events);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].status, ProposalStatus::accepted);
    EXPECT_EQ(records[0].decided_at, at_ms(9));
  }
  const ProposalEvent no_then = event(9, ProposalRefused{"why", "who"});
  for (const std::vector<ProposalEvent>& events : {std::vector{made_here, yes, no_then}, std::vector{made_here, no_then, yes}})
    EXPECT_EQ(fold_proposals(events)[0].status, ProposalStatus::rejected) << "of two at the same time the no counts";
}

TEST(ProposalRecord, KeepsWhatItsContestShowedWhenItLosesItsGround) {
  EXPECT_EQ(folded({made("t"), PatchRejected{"worse", outcome()}}).outcome, outcome());
  EXPECT_EQ(folded({made("t"), PatchAccepted{"better", outcome()}, PatchRejected{"its parent is gone"}}).outcome,
            outcome());
  EXPECT_EQ(folded({made("t"), PatchAccepted{"better", outcome()}, made("t")}).outcome, ContestOutcome{});
}

TEST(ProposalRecord, KeepsWhyItWasRejected) {
  EXPECT_EQ(folded({made("t"), PatchRejected{"trial was worse"}}).status, ProposalStatus::unproven);
  EXPECT_EQ(folded({made("t"), PatchRejected{"trial was worse"}}).reason, "trial was worse");
  const ProposalRecord record = folded({made("t"), ProposalCommitted{"b", "c"}, ProposalRefused{"not now", "Ann"}});
  EXPECT_EQ(record.status, ProposalStatus::rejected);
  EXPECT_EQ(record.reason, "not now");
}

TEST(ProposalRecord, MadeAgainStartsAfreshUnlessAHumanRejectedIt) {
  const ProposalRecord again = folded({made("old"), PatchRejected{"worse"}, made("new")});
  EXPECT_EQ(again.status, ProposalStatus::made);
  EXPECT_EQ(again.reason, "");
  EXPECT_EQ(again.made.title, "new");
  EXPECT_EQ(again.made_at, at_ms(2));
  const ProposalRecord refused = folded({made("old"), ProposalRefused{"never", "Ann"}, made("new")});
  EXPECT_EQ(refused.status, ProposalStatus::rejected);
  EXPECT_EQ(refused.reason, "never");
}

TEST(ProposalRecord, MadeAgainStillKnowsEveryCommitThatItPutOnItsBranch) {
  const ProposalRecord again =
      folded({made("t"), ProposalCommitted{"b", "c1"}, ProposalCommitted{"b", "c2"}, made("t")});
  EXPECT_EQ(again.status, ProposalStatus::made);
  EXPECT_EQ(again.branch, "b");
  EXPECT_EQ(again.commits, (std::vector<std::string>{"c1", "c2"}));
}

TEST(ProposalRecord, RemembersARefusalEvenWithoutItsProposal) {
  EXPECT_EQ(folded({ProposalRefused{"never", "Ann"}}).status, ProposalStatus::rejected);
}

TEST(ProposalRecord, KnowsItsChangeRequestSinceWhenAndWithWhat) {
  const ProposalSubmitted first{"github", "https://g.example/7", 7, "origin", "c1"};
  ProposalSubmitted pushed_again = first;
  pushed_again.commit = "c2";
  const ProposalSubmitted other{"github", "https://g.example/8", 8, "origin", "c3"};
  const ProposalRecord record = folded({made("t"), ProposalCommitted{"b", "c1"}, first, pushed_again});
  EXPECT_EQ(record.status, ProposalStatus::open);
  EXPECT_EQ(record.submission, (Submission{.request = pushed_again, .opened_at = at_ms(2)}));
  EXPECT_EQ(folded({made("t"), first, other}).submission, (Submission{.request = other, .opened_at = at_ms(2)}));
  EXPECT_TRUE(folded({made("t"), first, SubmissionClosed{"superseded"}}).submission->closed_by_oe);
  EXPECT_FALSE(folded({made("t"), first, SubmissionClosed{"superseded"}, other}).submission->closed_by_oe);
  EXPECT_FALSE(folded({made("t"), SubmissionClosed{"superseded"}}).submission);
}

TEST(ProposalRecord, OldestComesFirst) {
  std::vector<ProposalEvent> events = events_of({made("a")}, "z");
  for (const ProposalEvent& event : events_of({made("b"), PatchAccepted{}}, "a")) events.push_back(event);
  events.push_back(events_of({PatchRejected{"x"}}, "z").front());
  const std::vector<ProposalRecord> records = fold_proposals(events);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].fingerprint, Fingerprint{"z"});
  EXPECT_EQ(records[0].status, ProposalStatus::unproven);
  EXPECT_EQ(records[1].status, ProposalStatus::proven);
}

}  // namespace
}  // namespace oe::ledger
