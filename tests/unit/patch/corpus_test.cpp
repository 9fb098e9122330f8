#include <algorithm>
#include <gtest/gtest.h>

#include "bench/surgeon/verdict.hpp"
#include "unit/patch/corpus.hpp"

namespace oe::surgeon {
namespace {

class Corpus : public testing::TestWithParam<std::string> {};

void expect_refusal(const Case& made, const Outcome& outcome) {
  if (const auto files = files_of(made.trial, outcome)) {
    for (const auto& [path, bytes] : *files)
      if (const auto was = made.trial.base.find(path); was == made.trial.base.end() || was->second != bytes)
        ADD_FAILURE() << "it wrote " << path << ":\n" << bytes;
    FAIL() << "a refusal was wanted: " << made.about;
  }
  const std::string reason(patch::to_string(outcome.error().reason));
  EXPECT_NE(std::find(made.reasons.begin(), made.reasons.end(), reason), made.reasons.end())
      << "for another reason: " << reason << ", " << outcome.error().message;
  EXPECT_FALSE(outcome.error().message.empty());
}

void expect_change(const Case& made, const Outcome& outcome) {
  ASSERT_TRUE(outcome) << patch::to_string(outcome.error().reason) << ": " << outcome.error().message << "\n"
                       << made.about;
  EXPECT_EQ(*files_of(made.trial, outcome), *made.trial.intended) << made.about;
  if (!made.grade.empty()) {
    EXPECT_EQ(patch::to_string(outcome->grade), made.grade);
  }
  for (const std::string& wanted : made.rungs)
    EXPECT_TRUE(std::any_of(outcome->rungs.begin(), outcome->rungs.end(),
                            [&](patch::Rung rung) { return patch::to_string(rung) == wanted; }))
        << "without the rung " << wanted;
}

TEST_P(Corpus, BecomesWhatWasMeantOrIsRefusedForItsReason) {
  const Case made = read_case(GetParam());
  const Outcome outcome = operate_on(made.trial, true);
  if (made.trial.intended)
    expect_change(made, outcome);
  else
    expect_refusal(made, outcome);
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Surgeon, Corpus, testing::ValuesIn(all_cases()), test_name);

TEST(CorpusFolder, HoldsAtLeast120CasesAndTwoOfEachRow) {
  const std::vector<std::string> names = all_cases();
  EXPECT_GE(names.size(), 120u);
  for (int row = 1; row <= 39; ++row) {
    const std::string prefix = "row-" + std::string(row < 10 ? "0" : "") + std::to_string(row) + "-";
    EXPECT_GE(std::count_if(names.begin(), names.end(), [&](const auto& name) { return name.rfind(prefix, 0) == 0; }),
              2)
        << prefix;
  }
}

TEST(CorpusFolder, EachCaseWantsEitherFilesOrARefusal) {
  for (const std::string& name : all_cases()) {
    const Case made = read_case(name);
    EXPECT_NE(made.trial.intended.has_value(), !made.reasons.empty()) << name;
    EXPECT_FALSE(made.trial.text.empty()) << name;
    EXPECT_NE(made.trial.intended, made.trial.base) << name;
  }
}

}  // namespace
}  // namespace oe::surgeon
