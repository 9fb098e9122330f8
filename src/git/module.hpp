#pragma once

#include <memory>

#include "oe/git/repository.hpp"

namespace oe::git {

/// What liboe-git.so exports, with C linkage. The number changes with this signature, Place or Repository, so a program
/// never calls into the module of another version.
inline constexpr const char* kOpenSymbol = "oe_git_open_2";
using OpenFunction = void (*)(const Place& place, Result<std::unique_ptr<Repository>>& out);

}  // namespace oe::git
