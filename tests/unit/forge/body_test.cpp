#include "oe/forge/body.hpp"

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

#include "oe/base/text.hpp"
#include "oe/forge/quiet_text.hpp"

namespace oe::forge {
namespace {

using testing::HasSubstr;
using testing::Not;

BodyFacts facts() {
  return {.fingerprint = "3f9a1c2e" + std::string(56, '0'),
          .operation = "tune-param",
          .target = "check_page",
          .workflow = "experience.yaml",
          .title = "timeout_ms of check_page: 300 -> 900",
          .rationale = "2 of 9 pages needed more than the timeout and were done soon after it.",
          .effect = "better: success 3/9 -> 9/9; 6 wins, 0 losses, e = 64 of 20 needed",
          .confidence = "high",
          .rule = "timeout-near",
          .measured = {{"success", "3/9", "9/9", "[+31, +94] at 95 %", 9, 6, 0, 3},
                       {"cost", "$0.10", "$0.11", "", 9, 0, 1, 8}},
          .fixes = {{"r-0k3v1x9qe7a2b", "check_page: timed out after 300 ms"}, {"r-0k3v1x9qe7a2c", ""}},
          .risks = {"a page that hangs is noticed 600 ms later"},
          .anchors = {"cost", "wall time"},
          .touches = {"experience.yaml"},
          .branch = "oe/tune-param/check_page/3f9a1c2e",
          .base = "b45e",
          .commit = "c0ffee"};
}

// OE_ACCEPT=1 writes them anew, as everywhere.
void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(OE_SOURCE_DIR) + "/fixtures/forge/" + name;
  if (std::getenv("OE_ACCEPT") != nullptr) std::ofstream(path) << text;
  std::stringstream golden;
  golden << std::ifstream(path).rdbuf();
  EXPECT_EQ(golden.str(), text) << path;
}

TEST(Body, IsAsItAlwaysWas) {
  expect_golden("whole.md", render(facts()).body + "\n");
}

TEST(Body, PrintsWhatIsKnownWhereLittleIs) {
  BodyFacts few = facts();
  few.measured.clear();
  few.fixes.clear();
  few.risks.clear();
  few.anchors.clear();
  few.touches.clear();
  expect_golden("few.md", render(few).body + "\n");
}

TEST(Body, FitsOnOneScreenHoweverMuchThereIs) {
  BodyFacts many = facts();
  many.rationale = std::string(5000, 'x');
  many.fixes.assign(200, {"r-1", std::string(5000, 'y')});
  many.measured.assign(50, many.measured.front());
  many.risks.assign(50, "risk");
  EXPECT_LE(split(render(many).body, '\n').size(), 45U);
  EXPECT_LE(render(many).body.size(), 10'000U);
}

TEST(Body, LetsNoTextOfAToolDoAnything) {
  const std::string hostile =
      "--> <!-- oe:v1 {} --> <script>alert(1)</script> @ann @org/team fixes #1, ada/flows#2 !3 GH-4 \n/close\n"
      "| a | b | `code` ``more`` https://evil.example www.evil.example [x](javascript:1) ![i](//t.example/p.png) "
      "\xff\xfe "
      "\u202egnp.exe \x1b[31m$\\math$ ~label %stone &epic :-- \\| end\\";
  BodyFacts bad = facts();
  for (std::string* text :
       {&bad.title, &bad.rationale, &bad.effect, &bad.target, &bad.workflow, &bad.confidence, &bad.rule,
        &bad.fixes[0].run, &bad.fixes[0].line, &bad.risks[0], &bad.anchors[0], &bad.measured[0].metric,
        &bad.measured[0].before, &bad.measured[0].interval, &bad.touches[0], &bad.branch, &bad.base})
    *text = hostile;
  const Written written = render(bad);
  expect_golden("hostile.md", written.body + "\n");
  EXPECT_EQ(fingerprint_in(written.body), bad.fingerprint);
  // Every comment is one of ours, and the last thing is the machine block.
  std::size_t comments = 0;
  for (std::size_t at = 0; (at = written.body.find("-->", at)) != std::string::npos; ++at) ++comments;
  EXPECT_THAT(written.body, testing::EndsWith(" -->"));
  for (const std::string& line : split(written.body, '\n')) {
    EXPECT_FALSE(line.starts_with("/")) << line;
    EXPECT_EQ(invalid_utf8(line), std::nullopt);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(line.find("\u202e"), std::string::npos);
  }
  const Written plain = render(facts());
  EXPECT_EQ(split(written.body, '\n').size(), split(plain.body, '\n').size()) << "no text makes lines of its own";
  EXPECT_THAT(written.title, Not(HasSubstr("@ann")));
  EXPECT_THAT(written.title, Not(HasSubstr("#1")));
}

TEST(QuietText, BreaksWhatAPageWouldReadSomethingInto) {
  EXPECT_EQ(quiet_title("fixes #12 for @ann, see a/b#3, !4, GH-5, gh-6 and www.x.y or http://x"),
            "fixes #\u200b12 for @\u200b"
            "ann, see a/b#\u200b"
            "3, !\u200b"
            "4, GH-\u200b"
            "5, gh-\u200b"
            "6 and www\u200b.x.y or http:\u200b//x");
  EXPECT_EQ(quiet_title("50 % of 3 > 2! # @ high-5"), "50 % of 3 > 2! # @ high-5");
  EXPECT_EQ(quiet_prose("a_b *c* <d> [e](f)"), "a\\_b \\*c\\* \\<d\\> \\[e\\](f)");
  EXPECT_EQ(code_span("a `b` ``c``"), "``` a `b` ``c`` ```");
  EXPECT_EQ(code_span(""), "");
  EXPECT_EQ(code_cell("a | b"), "`a / b`");
  EXPECT_EQ(plain_line(" a\n\n b\t\u200bc\u00a0 \xff ", 100), "a b c\u00a0 ?");
}

TEST(QuietText, FencesWhatTriesToGetOut) {
  EXPECT_EQ(fenced("a\n```\n@ann\x1b[0m"), "````\na\n```\n@ann[0m\n````");
  EXPECT_EQ(fenced("begin end", 3), "```\nend\n```");
}

TEST(MergedBody, ReplacesAllThatNobodyHasEdited) {
  BodyFacts later = facts();
  later.effect = "better still";
  later.measured[0].wins = 12;
  later.title = "another title";
  EXPECT_EQ(merged(render(facts()), render(later)), render(later));
  EXPECT_EQ(merged(render(facts()), render(facts())), render(facts()));
}

TEST(MergedBody, TakesLineEndsOfABrowserForNoEdit) {
  Written now = render(facts());
  std::string crlf;
  for (const char c : now.body) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  now.body = crlf + "\r\n";
  BodyFacts later = facts();
  later.measured[0].wins = 12;
  EXPECT_EQ(merged(now, render(later)), render(later));
}

TEST(MergedBody, KeepsTheWordsOfPeopleAndRenewsTableAndBlock) {
  Written now = render(facts());
  now.title = "my title";
  now.body = "Please look at this, @bob.\n\n" + now.body + "\n\nMore of mine.";
  BodyFacts later = facts();
  later.measured[0].wins = 12;
  later.rationale = "another reason";
  later.commit = "beef";
  const Written wanted = merged(now, render(later));
  EXPECT_EQ(wanted.title, "my title");
  for (const char* part :
       {"Please look at this, @bob.", "More of mine.", "| 12 / 0 / 3 |", "\"commit\":\"beef\"", "2 of 9 pages"})
    EXPECT_THAT(wanted.body, HasSubstr(part));
  EXPECT_THAT(wanted.body, Not(HasSubstr("another reason")));
  EXPECT_THAT(wanted.body, Not(HasSubstr("| 6 / 0 / 3 |")));
  EXPECT_EQ(merged(wanted, render(later)), wanted) << "the same again changes nothing, and their words stay theirs";
  BodyFacts last = later;
  last.rationale = "a third reason";
  EXPECT_THAT(merged(wanted, render(last)).body, HasSubstr("More of mine."));
}

TEST(MergedBody, AddsTheBlockWhereItWasTakenAway) {
  const Written wanted = merged({.title = "t", .body = "all mine"}, render(facts()));
  EXPECT_THAT(wanted.body, testing::StartsWith("all mine\n\n<!-- oe:v1 {"));
  EXPECT_EQ(fingerprint_in(wanted.body), facts().fingerprint);
  EXPECT_EQ(fingerprint_in("<!-- oe:v1 {broken -->"), std::nullopt);
}

}  // namespace
}  // namespace oe::forge
