#include "oe/base/text.hpp"

#include "evolve/stack.hpp"
#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kNone = "_No proposals: the runs support no change._\n";

Judged committed(Operation operation) {
  Judged judged;
  judged.proposal.operation = std::move(operation);
  judged.proposal.title = "A title";
  judged.proposal.rationale = "A reason.";
  judged.fate = Judged::Fate::committed;
  judged.effect = "better";
  judged.branch = "oe/x";
  return judged;
}
Operation timeout(int ms) {
  return TuneParam{{{"shout"}, "timeout_ms", Value::of(ms)}, Value::of(20000)};
}
Operation row(const std::string& word) {
  return AddDatasetCase{.node = {"shout"},
                        .file = "words.jsonl",
                        .format = graph::RowFormat::jsonl,
                        .row = json("{\"word\":\"" + word + "\"}"),
                        .item = json("{\"word\":\"" + word + "\"}")};
}

class Markdown : public ::testing::Test {
 protected:
  std::string text_of(std::vector<Judged> proposals) {
    EvolveReport report{.workflow = Workshop::kPath, .runs = {{"r-1"}}, .proposals = std::move(proposals)};
    return to_markdown(report, stack_diffs(workshop_.judge(), workshop_.base(), report.proposals));
  }
  /// The line of the format's own documentation, on the file; what git apply said.
  std::string applied(const std::string& text) {
    workshop_.repo.write(".openexpertise/p.md", text);
    const auto exit = must(sys::run_process(
        {.argv = {"sh", "-c", R"(awk '/^```diff/{f=1;next} /^```/{f=0} f' .openexpertise/p.md | git apply -v)"},
         .directory = workshop_.repo.root()}));
    EXPECT_EQ(exit.code, 0) << exit.err << text;
    return exit.err;
  }

  Workshop workshop_;
};

TEST_F(Markdown, GoesThroughAwkAndGitApply) {
  const std::string text = text_of({committed(timeout(30000)), committed(row("x"))});
  applied(text);
  EXPECT_THAT(workshop_.repo.read("flows/experience.yaml"), HasSubstr("timeout_ms: 30000"));
  EXPECT_THAT(workshop_.repo.read("flows/words.jsonl"), HasSubstr("\"x\""));
  EXPECT_THAT(text, HasSubstr("# Evolution Proposals for run `r-1`\n"));
  EXPECT_THAT(text, HasSubstr("## 2. A title _(add-dataset-case, confidence: low)_\n\nA reason.\n"));
}
// Both add a row behind the same last one: side by side they would not apply.
TEST_F(Markdown, StacksProposalsOnTheSameFile) {
  applied(text_of({committed(row("x")), committed(timeout(30000)), committed(row("y")), committed(row("z"))}));
  EXPECT_EQ(split(workshop_.repo.read("flows/words.jsonl"), '\n').size(), 7U);
  EXPECT_THAT(workshop_.repo.git({"diff", "--stat"}), HasSubstr("2 files changed, 4 insertions(+), 1 deletion(-)"));
}
TEST_F(Markdown, LeavesOutWhatCannotStandOnTheOthers) {
  const std::string text = text_of({committed(timeout(30000)), committed(timeout(30000)), committed(row("x"))});
  applied(text);
  EXPECT_THAT(text, HasSubstr("\n## 2. A title _(add-dataset-case"));
  EXPECT_THAT(text, Not(HasSubstr("\n## 3.")));
}
TEST_F(Markdown, LeavesOutWhatHasNoBranch) {
  Judged unproven = committed(timeout(30000));
  unproven.branch = "";
  EXPECT_THAT(text_of({unproven}), HasSubstr(kNone));
  EXPECT_THAT(text_of({}), HasSubstr(kNone));
  EXPECT_THAT(text_of({}), Not(HasSubstr("```")));
}
TEST_F(Markdown, SaysWhyAProposalHasNoBranch) {
  Judged judged = committed(timeout(30000));
  judged.fate = Judged::Fate::unproven;
  judged.reason = "success of shout 0/9 -> 0/9\n```diff\n+x";
  EXPECT_THAT(text_of({judged}), HasSubstr("- A title _(tune-param)_: success of shout 0/9 -> 0/9 ```diff +x\n"));
}
TEST_F(Markdown, CarriesDiffsOfFilesWithFences) {
  workshop_.repo.write("flows/words.jsonl", std::string(kWords) + "\"```\"\n\"```diff\"\n\"`\"\n");
  workshop_.repo.commit("fences");
  workshop_.reopen();
  applied(text_of({committed(row("```"))}));
  AddNode add{{.after = {"load"}, .node = json(R"({"id":"n","kind":"command","run":["sh","n.sh"]})")}, {}};
  add.files = {{"n.sh", "```diff\n```\n# ```\n````\nno last newline", 0100644}};
  applied(text_of({committed(add)}));
  EXPECT_EQ(workshop_.repo.read("flows/n.sh"), *add.files.front().bytes);
}
// Errors and names of files get into titles, reasons and effects.
TEST_F(Markdown, LetsNoTextPassForADiff) {
  Judged hostile = committed(timeout(30000));
  const std::string forged =
      "```diff\ndiff --git a/README.md b/README.md\n--- a/README.md\n+++ b/README.md\n"
      "@@ -1 +1 @@\n-letters\n+mine\n```\n";
  for (const std::string& text : {forged, "a\n" + forged}) {
    hostile.proposal.title = hostile.proposal.rationale = hostile.effect = text;
    applied(text_of({hostile}));
    EXPECT_EQ(workshop_.repo.read("README.md"), "letters\n");
    EXPECT_EQ(workshop_.repo.git({"diff", "--name-only"}), "flows/experience.yaml");
    workshop_.repo.git({"checkout", "-q", "."});
  }
}
TEST_F(Markdown, KeepsLineEndsOfTheFile) {
  std::string text = workshop_.repo.read("flows/words.jsonl");
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.replace(at, 1, "\r\n");
  workshop_.repo.write("flows/words.jsonl", text.substr(0, text.size() - 2));
  workshop_.repo.commit("as from another system");
  workshop_.reopen();
  applied(text_of({committed(row("x")), committed(row("y"))}));
  EXPECT_TRUE(workshop_.repo.read("flows/words.jsonl").starts_with(text));
}
TEST_F(Markdown, IsNamedAfterItsRuns) {
  EXPECT_EQ(markdown_name({{"r-1"}}), "r-1.md");
  EXPECT_EQ(markdown_name({{"r-1"}, {"r-2"}, {"r-3"}}), "cross-run-3runs-r-1.md");
}
TEST_F(Markdown, NamesAllRunsOfMany) {
  EvolveReport report{.runs = {{"r-1"}, {"r-2"}}};
  EXPECT_THAT(to_markdown(report, {}),
              HasSubstr("# Cross-Run Evolution Proposals (2 runs)\n\nRuns analyzed: `r-1`, `r-2`\n"));
}

}  // namespace
}  // namespace oe::evolve::test
