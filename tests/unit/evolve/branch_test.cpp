#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CommitMessage : public ::testing::Test {
 protected:
  CommitMessage() {
    proposal_.operation = TuneParam{{{"shout"}, "timeout_ms", Value::of(2)}, Value::of(1)};
    proposal_.title = "Give shout more time";
    proposal_.rationale = "It was cut off.";
    proposal_.finding = {"rule", {"shout"}, "claim", {{{"r-1"}, 4}, {{"r-2"}, 7}, {{"r-1"}, 9}}};
    proposal_.confidence = Confidence::high;
  }
  std::string message(const std::string& effect = "shout: failed -> succeeded") {
    return commit_message(workshop_.base(), proposal_, fingerprint(), effect, git::Oid{std::string(40, 'e')});
  }
  static Fingerprint fingerprint() { return {std::string(64, 'f')}; }
  /// What git makes of the trailers of a message.
  std::string trailers(const std::string& text) {
    const auto answer = workshop_.repo.try_git({"interpret-trailers", "--parse"}, text);
    EXPECT_EQ(answer.code, 0) << answer.err;
    return answer.out;
  }
  std::string meant(const std::string& effect = "shout: failed -> succeeded") {
    return "Oe-Proposal: " + fingerprint().text +
           "\nOe-Run: r-2\nOe-Run: r-1\nOe-Base: " + workshop_.repo.rev("HEAD").text +
           "\nOe-Confidence: high\nOe-Effect: " + effect + "\nOe-Evidence: " + std::string(40, 'e') + "\n";
  }

  Workshop workshop_;
  Proposal proposal_;
};

TEST_F(CommitMessage, HasTrailersThatGitReads) {
  EXPECT_EQ(trailers(message()), meant());
  EXPECT_THAT(message(), StartsWith("oe(tune-param): Give shout more time\n\nIt was cut off.\n\nOe-Proposal: "));
}
TEST_F(CommitMessage, LetsNobodyForgeATrailer) {
  const std::string forged = "fine.\n\nOe-Proposal: forged\nOe-Base: forged\n\nSigned-off-by: Somebody <s@example.com>";
  proposal_.rationale = forged;
  EXPECT_EQ(trailers(message()), meant());
  proposal_.title = "A title\n\nOe-Proposal: forged";
  EXPECT_EQ(trailers(message()), meant());
  EXPECT_EQ(trailers(message("it broke\r\nOe-Effect: forged\n\nOe-Run: r-9")),
            meant("it broke Oe-Effect: forged Oe-Run: r-9"));
}
// git takes a line that starts with "---" for the end of the message.
TEST_F(CommitMessage, KeepsItsTrailersBehindADivider) {
  for (const char* text : {"above\n---\nbelow", "---", "--- a/file\n+++ b/file\n@@ -1 +1 @@"}) {
    proposal_.rationale = text;
    EXPECT_EQ(trailers(message()), meant()) << text;
  }
  for (std::size_t length = 60; length < 76; ++length) {
    proposal_.rationale = std::string(length, 'a') + " --- and so on";
    EXPECT_EQ(trailers(message()), meant()) << length;
  }
}
// As somebody who amends it does, whatever core.commentChar is.
TEST_F(CommitMessage, LosesNoLineWhenItIsEdited) {
  for (const std::string sign : {"#", ";", "%"}) {
    workshop_.repo.git({"config", "core.commentChar", sign});
    for (std::size_t length = 60; length < 76; ++length) {
      proposal_.rationale = std::string(length, 'a') + " " + sign + "12 and " + sign + " so on";
      EXPECT_EQ(workshop_.repo.try_git({"stripspace", "--strip-comments"}, message()).out, message()) << length;
    }
    proposal_.rationale = sign + "12 is why";
    EXPECT_EQ(workshop_.repo.try_git({"stripspace", "--strip-comments"}, message()).out, message());
  }
}
TEST_F(CommitMessage, KeepsItsTrailersWithLongAndForeignText) {
  proposal_.title = std::string(2000, 't') + ": \u00e9";
  proposal_.rationale = std::string(5000, 'w') + " \u65e5\u672c\u8a9e: " + std::string(500, ':') + " # not a comment";
  EXPECT_EQ(trailers(message("\u00e9t\u00e9: \u2192")), meant("\u00e9t\u00e9: \u2192"));
  const std::string text = message(std::string(5000, 'e'));
  EXPECT_LT(text.find('\n'), 350U);
  EXPECT_THAT(trailers(text), HasSubstr("Oe-Effect: eee"));
  EXPECT_LT(trailers(text).size(), 700U);
}
TEST_F(CommitMessage, KeepsItsTrailersWithoutAReason) {
  proposal_.rationale = "";
  EXPECT_EQ(trailers(message()), meant());
}
TEST_F(CommitMessage, WrapsItsReason) {
  for (int i = 0; i < 60; ++i) proposal_.rationale += " word" + std::to_string(i);
  for (const std::string& line : split(message("short"), '\n')) {
    EXPECT_TRUE(line.starts_with("Oe-") || line.size() <= 72) << line;
  }
  EXPECT_THAT(message(), Not(HasSubstr(" \n")));
}
TEST_F(CommitMessage, NamesTenRunsAtMost) {
  for (int i = 10; i < 40; ++i) proposal_.finding.citations.push_back({{"r-" + std::to_string(i)}, 1});
  const std::string all = trailers(message());
  std::size_t count = 0;
  for (std::size_t at = 0; (at = all.find("Oe-Run: ", at)) != std::string::npos; ++at) ++count;
  EXPECT_EQ(count, 10U);
  EXPECT_THAT(all, HasSubstr("Oe-Run: r-39\n")) << "the newest";
}

TEST_F(CommitMessage, SurvivesTheUsersRebase) {
  proposal_.rationale = "#1 is a line that a comment sign opens. " + std::string(60, 'a') + " #2 too.";
  const git::Oid head = workshop_.repo.rev("HEAD");
  const std::string tree = workshop_.repo.git({"rev-parse", "HEAD^{tree}"});
  const git::Oid commit = must(workshop_.repository->write_commit(git::Oid{tree}, {head}, message(), {"N", "e@x"}, {}));
  EXPECT_EQ(workshop_.repo.git({"log", "-1", "--format=%(trailers:key=Oe-Proposal,valueonly)", commit.text}),
            fingerprint().text + "\n");
}

TEST(BranchName, IsOneThatGitTakes) {
  const git::TempRepo repo;
  for (const char* id : {"shout", "a b", "..", "x.lock", "-x", "caf\u00e9", "a/b", "@{", "a..b", "\n", ""}) {
    Proposal proposal;
    proposal.operation = TuneParam{{{id}, "timeout_ms", Value::of(2)}, Value::of(1)};
    const std::string name = branch_name(proposal, {"0123456789abcdef"});
    EXPECT_EQ(repo.try_git({"check-ref-format", "--branch", name}).code, 0) << name;
    EXPECT_THAT(name, StartsWith("oe/tune-param/"));
    EXPECT_TRUE(name.ends_with("/01234567")) << name;
  }
}

}  // namespace
}  // namespace oe::evolve::test
