#include <gmock/gmock.h>

#include "oe/git/trailers.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

std::string lines_of(const std::vector<Trailer>& trailers) {
  std::string text;
  for (const Trailer& trailer : trailers) text += trailer.key + ": " + trailer.value + "\n";
  return text;
}

TEST(Trailers, AreThoseThatGitFinds) {
  const TempRepo repo;
  for (const std::string message : {
           "T\n\nbody\n\nOe-Base: abc\nOe-Run: r-1\nOe-Run: r-2\n",
           "T\n\nOe-Effect: a: b: c\n  goes on\nX-Y: z\n\n\n",
           "T\n\nbody\nOe-Base: no trailer, in the body\n",
           "Oe-Base: the subject\n",
           "T\n\nOe-Base: abc\n\nbody\n",
           "T\n\nOe-Base:abc\nOe-Empty:\n",
           "T\n\nOe-Base: abc\n(cherry picked from commit 0123456789012345678901234567890123456789)\n",
           "T\n\nOe-Base: abc\nwords of a human\nSigned-off-by: A <a@x>\n",
           "T\n\nOe-Base: abc\nwords of a human\n",
           "",
       }) {
    const auto git = repo.try_git({"interpret-trailers", "--parse"}, message);
    ASSERT_EQ(git.code, 0) << git.err;
    EXPECT_EQ(lines_of(trailers(message)), git.out == "Oe-Base: abc\nOe-Empty:\n" ? "Oe-Base: abc\nOe-Empty: \n" : git.out)
        << message;
  }
}
TEST(Trailers, AreFoundInAnyCaseTheLastFirst) {
  const auto found = trailers("T\n\noe-base: one\nOE-BASE: two\n");
  EXPECT_EQ(find_trailer(found, "Oe-Base"), "two");
  EXPECT_EQ(find_trailer(found, "Oe-Run"), std::nullopt);
}

}  // namespace
}  // namespace oe::git
