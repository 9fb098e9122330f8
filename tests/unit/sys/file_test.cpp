#include "oe/sys/file.hpp"

#include <gtest/gtest.h>

namespace oe::sys {
namespace {

TEST(ReadFile, NamesAFileThatIsMissing) {
  const auto text = read_file("/nonexistent/file", 10);
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().message().find("/nonexistent/file"), std::string::npos);
}

}  // namespace
}  // namespace oe::sys
