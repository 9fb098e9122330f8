#include <gtest/gtest.h>

#include "oe/http/client.hpp"

namespace oe::http {
namespace {

TEST(Headers, AreFoundInAnyCaseOfLetters) {
  const Headers headers{{"Content-Type", "text/plain"}, {"Retry-After", "1"}};
  EXPECT_EQ(find(headers, "content-type"), "text/plain");
  EXPECT_EQ(find(headers, "RETRY-AFTER"), "1");
}

TEST(Headers, GiveTheFirstOfAName) {
  EXPECT_EQ(find({{"a", "1"}, {"A", "2"}}, "A"), "1");
}

TEST(Headers, GiveNothingForANameThatIsOnlyPartOfOne) {
  const Headers headers{{"retry-after-ms", "1"}};
  EXPECT_EQ(find(headers, "retry-after"), std::nullopt);
  EXPECT_EQ(find(headers, "retry-after-ms2"), std::nullopt);
  EXPECT_EQ(find({}, "x"), std::nullopt);
}

TEST(Headers, TakeOnlyLettersForTheSame) {
  EXPECT_EQ(find({{"a[b", "1"}}, "a{b"), std::nullopt);
}

}  // namespace
}  // namespace oe::http
