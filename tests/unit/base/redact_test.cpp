#include "oe/base/redact.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace oe {
namespace {

TEST(Redactor, HidesSecretsInsideOfLongerTexts) {
  EXPECT_EQ(Redactor({"hunter2"}).text("a hunter2b hunter2"), "a ***b ***");
}
TEST(Redactor, LeavesNothingOfTheLongerOfTwoSecrets) {
  EXPECT_EQ(Redactor({"key", "key-of-gold"}).text("key-of-gold key"), "*** ***");
}
TEST(Redactor, KnowsHowASecretReadsInsideOfJson) {
  const std::string secret = "a\"b\\c\n";
  EXPECT_EQ(Redactor({secret}).text(nlohmann::json{{"k", secret}}.dump()), R"({"k":"***"})");
}
TEST(Redactor, HidesInValuesAndInNamesOfMembers) {
  const Value value(nlohmann::json::parse(R"({"hunter2":[1,"x hunter2",{"k":null}]})"));
  EXPECT_EQ(Redactor({"hunter2"}).value(value).dump(), R"({"***":[1,"x ***",{"k":null}]})");
}
TEST(Redactor, HasNothingToHideByDefault) {
  EXPECT_TRUE(Redactor().empty());
  EXPECT_TRUE(Redactor({""}).empty());
  EXPECT_EQ(Redactor({""}).text("text"), "text");
}

}  // namespace
}  // namespace oe
