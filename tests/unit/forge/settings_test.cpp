#include "oe/forge/settings.hpp"

#include <gmock/gmock.h>

namespace oe::forge {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

Timestamp at(int hour) {
  return Timestamp(hours(500'000 + hour));
}

std::vector<OpenedRequest> requests(int open, int closed, int hour) {
  std::vector<OpenedRequest> made;
  for (int i = 0; i < open + closed; ++i)
    made.push_back({"https://h/" + std::to_string(i), "title " + std::to_string(i), at(hour), i < open});
  return made;
}

TEST(SubmitSettings, HaveDefaultsAndAreReadBesideWhatIsNotTheirs) {
  EXPECT_EQ(read_settings("models: {}\n", "config.yaml").value(), Settings{});
  EXPECT_EQ(read_settings("# nothing yet\n", "config.yaml").value(), Settings{});
  EXPECT_EQ(
      read_settings("forge: forgejo\nsubmit: {preset: lab, open: 5, per_day: 0, draft: true, remote: up, base: dev, "
                    "labels: [oe, bot]}\n",
                    "config.yaml")
          .value(),
      (Settings{.forge = Kind::gitea,
                .preset = Preset::lab,
                .most_open = 5,
                .most_a_day = 0,
                .draft = true,
                .remote = "up",
                .base = "dev",
                .labels = {"oe", "bot"}}));
}

TEST(SubmitSettings, SayWhereEachFaultIs) {
  const auto read =
      read_settings("forge: bitbucket\nsubmit:\n  presett: lab\n  open: -1\n  draft: maybe\n  labels: x\n", "c.yaml");
  ASSERT_FALSE(read);
  const std::string text = read.error().to_string();
  for (const char* part :
       {"c.yaml:1:8", "c.yaml:3:3", "did you mean 'preset'?", "c.yaml:4:9", "c.yaml:5:10", "c.yaml:6:11"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(SubmitLimits, LetThreeBeOpenAndOneADayBeOpened) {
  const Settings standard;
  EXPECT_FALSE(over_limit(standard, {}, at(0), true));
  EXPECT_FALSE(over_limit(standard, requests(2, 9, -25), at(0), true));
  const auto open = over_limit(standard, requests(3, 0, -25), at(0), true);
  ASSERT_TRUE(open);
  EXPECT_EQ(exit_code(open->kind()), 1);
  EXPECT_THAT(open->message(), HasSubstr("submit.open is 3"));
  EXPECT_THAT(open->message(), HasSubstr("https://h/2  title 2"));
  const auto today = over_limit(standard, requests(0, 1, -23), at(0), true);
  ASSERT_TRUE(today);
  EXPECT_THAT(today->message(), HasSubstr("submit.per_day is 1"));
  EXPECT_FALSE(over_limit(standard, requests(0, 1, -24), at(0), true));
}

TEST(SubmitLimits, QuietOpensNothingAndLabOnlyWhatIsAskedFor) {
  EXPECT_TRUE(over_limit({.preset = Preset::quiet}, {}, at(0), true));
  EXPECT_FALSE(over_limit({.preset = Preset::lab}, requests(9, 9, 0), at(0), true));
  EXPECT_TRUE(over_limit({.preset = Preset::lab}, {}, at(0), false));
}

}  // namespace
}  // namespace oe::forge
