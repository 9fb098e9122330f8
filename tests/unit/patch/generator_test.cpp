#include <filesystem>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <map>
#include <stdlib.h>

#include "bench/surgeon/peers.hpp"
#include "bench/surgeon/verdict.hpp"

namespace oe::surgeon {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSeed = 4242;

struct ScratchTree {
  fs::path path;
  ScratchTree() {
    std::string name = (fs::temp_directory_path() / "oe-patch-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~ScratchTree() { fs::remove_all(path); }
};

bool same(const Trial& a, const Trial& b) {
  return a.text == b.text && a.base == b.base && a.intended == b.intended && a.kinds == b.kinds && a.target == b.target;
}

TEST(Generator, MakesTheSameTrialFromTheSameSeed) {
  for (std::uint64_t i = 0; i < 50; ++i)
    EXPECT_TRUE(same(make_trial(seed_of(kSeed, i)), make_trial(seed_of(kSeed, i)))) << i;
  EXPECT_FALSE(same(make_trial(1), make_trial(2)));
  EXPECT_EQ(seed_of(0, 0), 0xe220a8397b1dcdafULL) << "the first number of splitmix64 from 0";
}

TEST(Generator, MakesEveryKindAtLeastFiveTimesInAThousand) {
  std::map<Kind, int> count;
  for (std::uint64_t i = 0; i < 2000; ++i)
    for (const Kind kind : make_trial(seed_of(kSeed, i)).kinds) ++count[kind];
  for (const KindRow& row : all_kinds()) EXPECT_GE(count[row.kind], 10) << row.name;
}

TEST(Generator, WantsWhatGitMakesOfItsUndamagedDiffs) {
  const ScratchTree scratch;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Trial trial = make_trial(seed_of(kSeed, i), false);
    const Applied applied = apply(all_peers()[0], trial, scratch.path);
    ASSERT_TRUE(applied.files) << trial.seed << "\n" << trial.text;
    EXPECT_EQ(*applied.files, *trial.intended) << trial.seed << "\n" << trial.text;
  }
}

TEST(Generator, NeverWantsTheFilesAsTheyWere) {
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Trial trial = make_trial(seed_of(kSeed, i));
    EXPECT_NE(trial.intended, trial.base) << trial.seed;
    EXPECT_TRUE(trial.intended || trial.must_refuse) << trial.seed;
  }
}

TEST(Verdicts, CountWhatWasIntendedAsRightAndOtherBytesAsWrong) {
  Files two, three, more{{"a", "2"}, {"b", ""}};
  two["a"] = "2", three["a"] = "3";
  Trial trial;
  trial.base["a"] = "1";
  trial.intended = two;
  EXPECT_EQ(judge(trial, two), Verdict::applied);
  EXPECT_EQ(judge(trial, three), Verdict::wrong);
  EXPECT_EQ(judge(trial, more), Verdict::wrong);
  EXPECT_EQ(judge(trial, trial.base), Verdict::refused);
  EXPECT_EQ(judge(trial, std::nullopt), Verdict::refused);
  trial.must_refuse = true;
  EXPECT_EQ(judge(trial, std::nullopt), Verdict::declined);
  EXPECT_EQ(judge(trial, two), Verdict::applied);
  trial.intended.reset();
  EXPECT_EQ(judge(trial, two), Verdict::wrong);
}

std::string described(const Trial& trial) {
  return fmt::format("\n{} {}\n{}", trial.seed, name_of(trial), trial.text);
}

TEST(Generated, DiffsAreMostlyRightAndNeverWrong) {
  std::size_t right = 0, wrong = 0;
  std::string wrongs;
  constexpr std::size_t kTrials = 3000;
  for (std::uint64_t i = 0; i < kTrials; ++i) {
    const Trial trial = make_trial(seed_of(kSeed, i));
    const Verdict verdict = judge(trial, files_of(trial, operate_on(trial, true)));
    right += verdict == Verdict::applied || verdict == Verdict::declined;
    if (verdict == Verdict::wrong && wrong++ < 5) wrongs += described(trial);
  }
  EXPECT_LE(wrong, 3u) << wrongs;  // one in a thousand is the bound
  EXPECT_GE(right * 100, kTrials * 85);
}

}  // namespace
}  // namespace oe::surgeon
