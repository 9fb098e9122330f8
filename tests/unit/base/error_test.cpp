#include "oe/base/error.hpp"

#include <gtest/gtest.h>

namespace oe {
namespace {

TEST(Problem, PrintsPlacePathMessageAndHint) {
  const Problem problem{.where = {"experience.yaml", 12, 7, "/graph/nodes/2/kid"},
                        .message = "unknown key 'kid'",
                        .hint = "did you mean 'kind'?"};
  EXPECT_EQ(to_string(problem), "experience.yaml:12:7: /graph/nodes/2/kid: unknown key 'kid'; did you mean 'kind'?");
}

TEST(Error, PrintsContextAndHint) {
  const Error error = Error(ErrorKind::environment, "cannot open x", "check the path").while_("loading y");
  EXPECT_EQ(error.to_string(), "cannot open x, while loading y\nhint: check the path");
}

TEST(ExitCode, OfEachKindIsFixed) {
  EXPECT_EQ(exit_code(ErrorKind::failed), 1);
  EXPECT_EQ(exit_code(ErrorKind::usage), 2);
  EXPECT_EQ(exit_code(ErrorKind::input), 3);
  EXPECT_EQ(exit_code(ErrorKind::environment), 4);
  EXPECT_EQ(exit_code(ErrorKind::waiting), 5);
  EXPECT_EQ(exit_code(ErrorKind::bug), 70);
  EXPECT_EQ(exit_code(ErrorKind::interrupted), 130);
}

}  // namespace
}  // namespace oe
