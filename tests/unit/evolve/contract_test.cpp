#include <nlohmann/json.hpp>

#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;

class Contract : public ::testing::Test {
 protected:
  /// check() of what render() makes, after somebody changed it on the way.
  Result<CheckedPatch> checked(
      const Operation& operation, const std::function<void(Patch&)>& tamper = [](Patch&) {}) {
    workshop_.reopen();
    const Base base = workshop_.base();
    auto patch = render(*workshop_.repository, base, operation);
    if (!patch) return fail(patch.error());
    tamper(*patch);
    return check(workshop_.judge(), base, operation, *patch);
  }
  /// The same, with a text replaced in the first file of the patch.
  Result<CheckedPatch> with(const Operation& operation, const std::string& what, const std::string& text) {
    return checked(operation, [&](Patch& patch) {
      const std::size_t at = patch.files.front().bytes->find(what);
      ASSERT_NE(at, std::string::npos) << what << " in\n" << *patch.files.front().bytes;
      patch.files.front().bytes->replace(at, what.size(), text);
    });
  }

  Workshop workshop_;
  const Operation timeout_{TuneParam{{{"shout"}, "timeout_ms", Value::of(30000)}, Value::of(20000)}};
  const Operation retry_{TuneParam{
      {{"fetch"}, "on_error", json(R"({"policy":"retry","attempts":3,"backoff":"exponential","base_ms":200})")}, {}}};
  const Operation node_{AddNode{{.after = {"load"},
                                 .node = json(R"({"id":"check","kind":"command","run":["sh","tools/check.sh"]})"),
                                 .edges = {{.from = {"load"}, .to = {"check"}}, {.from = {"check"}, .to = {"shout"}}}},
                                {{"tools/check.sh", "true\n", 0100644}}}};
  const Operation case_{AddDatasetCase{.node = {"shout"},
                                       .file = "words.jsonl",
                                       .format = graph::RowFormat::jsonl,
                                       .row = json(R"({"word":"x","by":"d"})"),
                                       .item = json(R"({"word":"x","by":"d"})")}};
};

TEST_F(Contract, TakesWhatWasMeant) {
  for (const Operation& operation : {timeout_, retry_, node_, case_}) {
    EXPECT_EQ(error_of(checked(operation)), "") << operation_name(operation);
  }
  const Operation run{TuneParam{{{}, "runtime.concurrency", Value::of(8)}, Value::of(4)}};
  const Operation each{TuneParam{{{"shout"}, "for_each.concurrency", Value::of(3)}, Value::of(1)}};
  EXPECT_EQ(error_of(checked(run)), "");
  EXPECT_EQ(error_of(checked(each)), "");
}
TEST_F(Contract, TakesAPolicyThatIsReplacedAsAWhole) {
  workshop_.edit("flows/experience.yaml", "tools/fetch.sh]\n",
                 "tools/fetch.sh]\n      on_error: { policy: retry, attempts: 2, base_ms: 50 }\n");
  workshop_.repo.commit("a policy");
  EXPECT_EQ(error_of(checked(retry_)), "");
  const Operation skip{TuneParam{{{"fetch"}, "on_error", json(R"({"policy":"skip"})")}, {}}};
  EXPECT_EQ(error_of(checked(skip)), "");
}
TEST_F(Contract, TakesAParameterWhoseMappingIsNotThereYet) {
  workshop_.edit("flows/experience.yaml", "runtime: { concurrency: 4 }\n", "");
  workshop_.repo.commit("no runtime");
  EXPECT_EQ(error_of(checked(TuneParam{{{}, "runtime.concurrency", Value::of(8)}, Value::of(1)})), "");
}
TEST_F(Contract, TakesANodeInAWorkflowWithoutEdges) {
  workshop_.edit("flows/experience.yaml", "\n  edges:\n    - { from: load, to: shout }\n", "");
  workshop_.repo.commit("no edges");
  EXPECT_EQ(error_of(checked(node_)), "");
}
TEST_F(Contract, TakesANodeWithAFieldOfItsOwn) {
  AddNode add = std::get<AddNode>(node_);
  add.insert.node = json(R"({"id":"check","kind":"command","run":["sh","tools/check.sh"],"writes":["found"]})");
  add.insert.fields = {{.name = "found", .type = graph::FieldType::string}};
  EXPECT_EQ(error_of(checked(add)), "");
  EXPECT_FALSE(with(add, "found: { type: string }", "found: { type: array }"));
  EXPECT_FALSE(with(add, "found: { type: string }", "found: { type: string }\n    more: { type: string }"));
  add.insert.fields.push_back({.name = "more"});
  EXPECT_THAT(error_of(checked(add)), HasSubstr("does not write the new field more"));
  add.insert.fields = {{.name = "words", .type = graph::FieldType::string}};
  EXPECT_FALSE(checked(add)) << "it is there already";
}
TEST_F(Contract, TakesOtherParametersAndNodesOfALoop) {
  const Operation phase{TuneParam{{{"fetch"}, "args.depth", Value::of(2)}, {}}};
  EXPECT_EQ(error_of(checked(phase)), "");
  workshop_.edit("flows/experience.yaml", "  edges:\n",
                 "  loops:\n    - { id: again, body: fetch, max_iters: 2 }\n  edges:\n");
  workshop_.repo.commit("a loop");
  EXPECT_EQ(error_of(checked(TuneParam{{{"fetch"}, "timeout_ms", Value::of(900)}, {}})), "");
  EXPECT_EQ(error_of(checked(retry_)), "");
}
TEST_F(Contract, RefusesASecondParameter) {
  EXPECT_THAT(error_of(with(timeout_, "concurrency: 4", "concurrency: 5")), HasSubstr("breaks its contract"));
  EXPECT_THAT(error_of(with(timeout_, "writes: [shouts]", "writes: [shouts]\n      on_error: { policy: fail_run }")),
              HasSubstr("something else than timeout_ms"));
  EXPECT_THAT(error_of(with(timeout_, "tools/fetch.sh]", "tools/fetch.sh]\n      timeout_ms: 30000")),
              HasSubstr("something else"));
}
TEST_F(Contract, RefusesAnotherValueThanTheProposals) {
  EXPECT_FALSE(with(timeout_, "timeout_ms: 30000", "timeout_ms: 30001"));
  EXPECT_FALSE(with(retry_, "attempts: 3", "attempts: 4"));
  EXPECT_FALSE(with(timeout_, "timeout_ms: 30000", "timeout_ms: 20000"));
}
// What no graph holds still belongs to the user.
TEST_F(Contract, RefusesChangesThatOnlyTheRawTreeShows) {
  EXPECT_FALSE(with(timeout_, "version: 0.1.0", "version: 0.2.0"));
  EXPECT_FALSE(with(timeout_, "words: { type: array }", "words: { type: array, description: rows }"));
  EXPECT_FALSE(with(node_, "version: 0.1.0", "version: 0.1.0\ndescription: mine"));
}
TEST_F(Contract, RefusesAnotherComment) {
  EXPECT_THAT(error_of(with(timeout_, "# one for each word", "# one for every word")), HasSubstr("a comment"));
  EXPECT_FALSE(with(timeout_, "   # one for each word", "")) << "it went";
  EXPECT_FALSE(with(timeout_, "    # The far end sleeps at first.\n", ""));
  EXPECT_FALSE(with(timeout_, "version: 0.1.0\n", "version: 0.1.0  # ours\n")) << "a new one";
  EXPECT_FALSE(with(timeout_, "timeout_ms: 30000", "timeout_ms: 30000  # enough"));
  EXPECT_FALSE(with(node_, "    # The far end sleeps at first.\n", ""));
  EXPECT_FALSE(with(node_, "tools/check.sh]", "tools/check.sh]   # trust me"));
  EXPECT_FALSE(checked(retry_, [](Patch& patch) { *patch.files.front().bytes += "# the end\n"; }));
}
TEST_F(Contract, RefusesAnotherLayout) {
  EXPECT_THAT(error_of(with(timeout_, "[sh, tools/fetch.sh]", "['sh', \"tools/fetch.sh\"]")), HasSubstr("quotes"));
  EXPECT_FALSE(with(timeout_, "[sh, tools/fetch.sh]", "[ sh, tools/fetch.sh ]"));
  EXPECT_FALSE(with(timeout_, "name: letters\n", "name: letters \n")) << "a blank at the end of a line";
  EXPECT_FALSE(with(timeout_, "runtime:", "\nruntime:")) << "an empty line";
  EXPECT_FALSE(with(timeout_, "name: letters\nversion: 0.1.0\n", "version: 0.1.0\nname: letters\n"));
  EXPECT_FALSE(with(node_, "      kind: dataset\n", "      kind:  dataset\n"));
  EXPECT_FALSE(
      with(node_, "      run: [sh, tools/fetch.sh]\n", "      run:\n        - sh\n        - tools/fetch.sh\n"));
  EXPECT_FALSE(with(timeout_, "version: 0.1.0", "version: '0.1'"));
  EXPECT_FALSE(checked(node_, [](Patch& patch) {
    std::string& text = *patch.files.front().bytes;
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\r\n");
  })) << "other line ends";
}
TEST_F(Contract, RefusesOldRowsThatAreWrittenDifferently) {
  EXPECT_THAT(error_of(with(case_, "{\"word\": \"alpha\", \"by\": \"a\"}", "{\"by\": \"a\", \"word\": \"alpha\"}")),
              HasSubstr("written differently"));
  EXPECT_FALSE(with(case_, "{\"word\": \"gamma\"", "{ \"word\": \"gamma\""));
}
TEST_F(Contract, TakesWhatSplicingMakesOfOddFiles) {
  const std::string odd =
      "# first\nname: odd\nversion: '0.1.0'\nstate: { schema: {} }   # fields\nruntime: { }\ngraph:\n  nodes:\n  - id: "
      "a\n    kind: "
      "command\n"
      "    run: |  # a script\n      echo '#' one   # no comment\n\n    # behind the script\n  # between\n"
      "  - {id: b, kind: command, run: \"echo #x\"} # flow\n\n  # the end of nodes\n  edges: [ ] # none\n# last";
  workshop_.repo.write("flows/experience.yaml", odd);
  workshop_.repo.commit("odd");
  for (const char* after : {"a", "b"}) {
    AddNode add{{.after = {after},
                 .node = json(R"({"id":"c","kind":"command","run":["sh","tools/c.sh"],"writes":["found"]})"),
                 .edges = {{.from = {"a"}, .to = {"c"}}, {.from = {"c"}, .to = {"b"}}},
                 .fields = {{.name = "found", .type = graph::FieldType::string}}},
                {{"tools/c.sh", "true\n"}}};
    EXPECT_EQ(error_of(checked(add)), "") << after;
    add.insert.edges.clear();
    EXPECT_EQ(error_of(checked(add)), "") << after;
    const Operation tune{TuneParam{{{after}, "timeout_ms", Value::of(900)}, {}}};
    EXPECT_EQ(error_of(checked(tune)), "") << after;
    const Operation retry{TuneParam{{{after}, "on_error", json(R"({"policy":"retry","attempts":2})")}, {}}};
    EXPECT_EQ(error_of(checked(retry)), "") << after;
  }
  EXPECT_EQ(error_of(checked(TuneParam{{{}, "runtime.concurrency", Value::of(2)}, {}})), "");
}
TEST_F(Contract, RefusesOtherFilesBesideAParameter) {
  EXPECT_FALSE(checked(timeout_, [](Patch& patch) { patch.files.push_back({"flows/more.txt", "more"}); }));
  EXPECT_FALSE(checked(timeout_, [](Patch& patch) { patch.files.front().path = "flows/words.jsonl"; }));
}
TEST_F(Contract, RefusesAPatchThatBreaksTheWorkflow) {
  const auto broken = with(timeout_, "graph:", "graph: [");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().kind(), ErrorKind::failed) << "the patch is at fault, not the user's file";
  EXPECT_THAT(error_of(with(timeout_, "to: shout", "to: nobody")), HasSubstr("not valid"));
}

TEST_F(Contract, RefusesTheWrongEdges) {
  const std::string last = "to: shout }\n    - { from: load, to: check }";
  EXPECT_FALSE(with(node_, "{ from: load, to: shout }", "{ from: fetch, to: shout }")) << "an old one changed";
  EXPECT_FALSE(with(node_, "    - { from: load, to: shout }\n", "")) << "an old one went";
  EXPECT_FALSE(with(node_, last, "to: shout }\n    - { from: fetch, to: check }")) << "a new one is another";
  EXPECT_FALSE(with(node_, last, last + "\n    - { from: fetch, to: shout }")) << "one more";
}
TEST_F(Contract, RefusesOtherNodes) {
  EXPECT_FALSE(with(node_, "graph:\n  nodes:\n", "graph:\n  nodes:\n    - { id: more, kind: command, run: [ls] }\n"));
  EXPECT_FALSE(with(node_, "tools/check.sh", "tools/fetch.sh")) << "the new node is another";
  EXPECT_FALSE(with(node_, "timeout_ms: 20000", "timeout_ms: 20001"));
  EXPECT_FALSE(with(node_, "    - id: fetch\n      kind: command\n      run: [sh, tools/fetch.sh]\n", ""));
}
TEST_F(Contract, RefusesNodesInAnotherOrder) {
  const auto moved = checked(node_, [](Patch& patch) {
    std::string& text = *patch.files.front().bytes;
    const std::string fetch = "    - id: fetch\n      kind: command\n      run: [sh, tools/fetch.sh]\n";
    text.erase(text.find(fetch), fetch.size());
    text.insert(text.find("\n  edges:"), fetch);
  });
  EXPECT_FALSE(moved);
}
TEST_F(Contract, RefusesOtherFilesThanTheNodesOwn) {
  EXPECT_FALSE(checked(node_, [](Patch& patch) { patch.files.push_back({"flows/tools/more.sh", "true\n"}); }));
  EXPECT_FALSE(checked(node_, [](Patch& patch) { patch.files.back().bytes = "rm -rf ~\n"; }));
  EXPECT_FALSE(checked(node_, [](Patch& patch) { patch.files.back().mode = 0100755; }));
  EXPECT_FALSE(checked(node_, [](Patch& patch) { patch.files.back() = patch.files.front(); }));
  EXPECT_FALSE(checked(node_, [](Patch& patch) { patch.files.pop_back(); }));
}
TEST_F(Contract, RefusesANodeWhoseFileIsThereAlready) {
  workshop_.repo.write("flows/tools/check.sh", "mine\n");
  workshop_.repo.commit("my own");
  EXPECT_THAT(error_of(checked(node_)), HasSubstr("already there"));
}

TEST_F(Contract, RefusesOtherRows) {
  EXPECT_FALSE(with(case_, "alpha", "alphb")) << "an old row changed";
  EXPECT_FALSE(with(case_, "{\"word\": \"gamma\", \"by\": \"c\"}\n", "")) << "an old row went";
  EXPECT_FALSE(with(case_, "\"d\"", "\"e\"")) << "the new row is another";
  EXPECT_FALSE(checked(case_, [](Patch& patch) { *patch.files.front().bytes += "{\"word\":\"y\",\"by\":\"e\"}\n"; }));
  EXPECT_FALSE(
      checked(case_, [&](Patch& patch) { patch.files.front().bytes = workshop_.repo.read("flows/words.jsonl"); }));
  EXPECT_FALSE(with(case_, "{\"word\": \"alpha\"", "{broken"));
}
TEST_F(Contract, RefusesTheRowInAnotherFile) {
  workshop_.repo.write("flows/others.jsonl", std::string(kWords));
  workshop_.repo.commit("other rows");
  EXPECT_FALSE(checked(case_, [](Patch& patch) { patch.files.front().path = "flows/others.jsonl"; }));
  EXPECT_FALSE(checked(case_, [](Patch& patch) { patch.files.push_back({"flows/more.jsonl", "1\n"}); }));
}
TEST_F(Contract, MakesAFileForTheFirstCase) {
  auto first = std::get<AddDatasetCase>(case_);
  first.file = "cases/shout.jsonl";
  EXPECT_EQ(error_of(checked(first)), "");
  first.file = "../outside.jsonl";
  EXPECT_FALSE(checked(first));
}

TEST_F(Contract, RefusesAChangeOfMode) {
  EXPECT_THAT(error_of(checked(timeout_, [](Patch& patch) { patch.files.front().mode = 0100755; })), HasSubstr("mode"));
}
TEST_F(Contract, RefusesAnEnormousDiff) {
  auto large = std::get<AddDatasetCase>(case_);
  large.row = large.item = Value(nlohmann::json{{"word", std::string(70'000, 'x')}, {"by", "d"}});
  EXPECT_THAT(error_of(checked(large)), HasSubstr("bytes in the diff"));
}
TEST_F(Contract, LeavesNoRefBehind) {
  const auto before = workshop_.users_things();
  const std::string refs = workshop_.repo.git({"for-each-ref"});
  ASSERT_TRUE(checked(node_));
  EXPECT_EQ(workshop_.repo.git({"for-each-ref"}), refs);
  EXPECT_EQ(workshop_.users_things(), before);
}

}  // namespace
}  // namespace oe::evolve::test
