#pragma once

#include <string>
#include <vector>

#include "bench/surgeon/trial.hpp"

namespace oe::surgeon {

/// A file of fixtures/surgeon; README.md there says how it is written.
struct Case {
  Trial trial;
  std::vector<std::string> reasons, rungs;
  std::string about, grade;
};
Case read_case(const std::string& name);
/// The names of all, sorted.
std::vector<std::string> all_cases();

}  // namespace oe::surgeon
