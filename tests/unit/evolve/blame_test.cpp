#include "oe/evolve/blame.hpp"

#include <gmock/gmock.h>

#include "evolve/file_places.hpp"
#include "unit/evolve/past_world.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> told(const std::string& text) {
  std::vector<std::string> lines;
  for (const FilePlace& place : file_places(must(doc::Document::parse(text, "w.yaml"))))
    lines.push_back(place.pointer + " " + place.node + " " + place.name + " " + std::to_string(place.first_line) + "-" +
                    std::to_string(place.last_line));
  return lines;
}

TEST(FilePlaces, AreNodesWithTheirFieldsAndWhatElseThereIs) {
  EXPECT_THAT(told("name: x\nruntime:\n  concurrency: 2\ngraph:\n  nodes:\n    - id: a\n      run: |\n        one\n"
                   "        two\n    - { id: b, timeout_ms: 5 }\n  edges:\n    - { from: a, to: b }\n"),
              ::testing::ElementsAre("/name  name 1-1", "/runtime/concurrency  concurrency 3-3",
                                     "/graph/nodes/0 a  6-6", "/graph/nodes/0/run a run 7-9", "/graph/nodes/1 b  10-10",
                                     "/graph/nodes/1/timeout_ms b timeout_ms 10-10", "/graph/edges  edges 11-12"));
}
TEST(FilePlaces, ANodeInAConstructIsANode) {
  const auto lines = told("graph:\n  pipelines:\n    - id: p\n      stages:\n        - id: s\n          run: x\n");
  EXPECT_THAT(lines, ::testing::Contains("/graph/pipelines/0/stages/0/run s run 6-6"));
}

class Blame : public ::testing::Test {
 protected:
  Result<std::vector<BlamedPlace>> blamed(const std::string& node = "") {
    const git::Place place = world_.repo.place();
    return blame({place, *world_.ledger}, PastWorld::kPath, node);
  }
  BlamedPlace timeout() {
    for (const BlamedPlace& place : must(blamed("fetch")))
      if (place.name == "timeout_ms") return place;
    ADD_FAILURE() << "no timeout_ms";
    return {};
  }
  git::Oid change(const std::string& timeout_ms, const std::string& message) {
    world_.repo.write(PastWorld::kPath, PastWorld::workflow(timeout_ms));
    return world_.repo.commit(message);
  }
  PastWorld world_;
};

TEST_F(Blame, NamesTheCommitThatPutAValueThere) {
  const git::Oid first = world_.repo.rev("HEAD");
  const git::Oid second = change("2000", "more time\n\nOe-Run: r-1\n");
  const auto places = must(blamed("fetch"));
  EXPECT_EQ(places.front().name, "") << "the node itself comes first";
  EXPECT_EQ(places.front().commit.id, first);
  const BlamedPlace place = timeout();
  EXPECT_EQ(place.commit.id, second);
  EXPECT_EQ(place.value, "2000");
  EXPECT_EQ(place.pointer, "/graph/nodes/0/timeout_ms");
  EXPECT_THAT(place.runs, ::testing::ElementsAre("r-1"));
  EXPECT_THAT(place.proposals, IsEmpty());
}
TEST_F(Blame, NamesTheProposalByItsTrailer) {
  change("2000", "oe(tune-param): more time\n\nOe-Proposal: aa11\nOe-Effect: success 0/5 -> 5/5\n");
  ASSERT_THAT(timeout().proposals, SizeIs(1));
  EXPECT_EQ(timeout().proposals[0].landed.fingerprint.text, "aa11");
  EXPECT_EQ(timeout().proposals[0].landed.promise, "success 0/5 -> 5/5");
}
TEST_F(Blame, OfASquashItNamesTheOneThatAddsTheLine) {
  const std::string diff = "-x\n+      timeout_ms: 2000\n";
  world_.say("aa11", ledger::ProposalMade{.title = "time", .workflow = PastWorld::kPath, .diff = diff});
  world_.say("bb22", ledger::ProposalMade{.title = "retry", .workflow = PastWorld::kPath, .diff = "+      retry: 2\n"});
  change("2000",
         "both (#7)\n\n* oe(a): time\n\nOe-Proposal: aa11\n\n* oe(b): retry\n\nOe-Proposal: bb22\nanother line\n");
  ASSERT_THAT(timeout().proposals, SizeIs(1));
  EXPECT_EQ(timeout().proposals[0].landed.title, "time");
  EXPECT_EQ(timeout().proposals[0].landed.landing, Landing::squashed);
}
TEST_F(Blame, FollowsARenameOfTheFile) {
  const git::Oid first = world_.repo.rev("HEAD");
  world_.repo.git({"mv", "flows", "flow"});
  world_.repo.commit("renamed");
  const git::Place place = world_.repo.place();
  EXPECT_EQ(must(blame({place, *world_.ledger}, "flow/experience.yaml", "fetch")).front().commit.id, first);
}
TEST_F(Blame, SaysWhatThereIsInstead) {
  EXPECT_THAT(error_of(blamed("fetsh")), HasSubstr("did you mean 'fetch'?"));
  const git::Place place = world_.repo.place();
  EXPECT_THAT(error_of(blame({place, *world_.ledger}, "nowhere.yaml", "")), HasSubstr("HEAD has no file nowhere.yaml"));
}

}  // namespace
}  // namespace oe::evolve::test
