#pragma once

#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>

#include "git/by_program.hpp"
#include "unit/git/git_fixture.hpp"

namespace oe::git {

/// The value, or a test failure that prints the error.
template <class T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().to_string();
    throw std::runtime_error("no value");
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The repository as libgit2 has it or, in the second run of the tests, as the git program does.
inline std::unique_ptr<Repository> open(const TempRepo& repo) {
  if (std::getenv("OE_TEST_GIT_PROGRAM") != nullptr) return std::make_unique<ProgramRepository>(repo.place());
  return must(open_repository(repo.place()));
}

/// The error as text, "" when there is none.
template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "" : result.error().to_string();
}

}  // namespace oe::git
