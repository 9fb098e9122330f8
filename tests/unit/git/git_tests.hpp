#pragma once

#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>

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

inline std::unique_ptr<Repository> open(const TempRepo& repo) {
  return must(open_repository(repo.place()));
}

/// The error as text, "" when there is none.
template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "" : result.error().to_string();
}

}  // namespace oe::git
