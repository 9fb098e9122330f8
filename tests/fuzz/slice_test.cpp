// A short walk of the fuzz targets that is the same each time; libFuzzer goes on in tests/fuzz/run.sh.
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

#include "fuzz/targets.hpp"

namespace oe::fuzz {
namespace {

class FuzzSlice : public testing::TestWithParam<Target> {};

std::string damaged(std::string input, std::mt19937& random) {
  const auto below = [&](std::size_t sides) { return random() % std::max<std::size_t>(sides, 1); };
  for (std::size_t i = 1 + below(4); i > 0 && !input.empty(); --i) {
    const std::size_t at = below(input.size());
    switch (below(4)) {
      case 0:
        input[at] = static_cast<char>(random());
        break;
      case 1:
        input.erase(at, 1 + below(16));
        break;
      case 2:
        input.insert(at, input.substr(below(input.size()), below(40)));
        break;
      default:
        input.resize(at);
    }
  }
  return input;
}

TEST_P(FuzzSlice, HoldsForDamagedSamples) {
  std::mt19937 random(7);
  const auto samples = GetParam().samples();
  for (const std::string& sample : samples) GetParam().check(sample);
  for (int i = 0; i < 1500; ++i) GetParam().check(damaged(samples[random() % samples.size()], random));
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzSlice, testing::ValuesIn(targets()),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace oe::fuzz
