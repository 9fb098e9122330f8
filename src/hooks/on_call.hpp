#pragma once

#include <filesystem>
#include <string>

#include "oe/base/result.hpp"
#include "oe/git/repository.hpp"

namespace oe::hooks {

// Hooks of kOnCall come and go where the notes have a file "on-call" with the directory that they go to, and beside it
// the program that they are copies of.

/// From now on they do, in `hooks`. `program` are the bytes of oe-hook. Errors: environment.
Result<void> let_come_and_go(const git::Place& place, const std::filesystem::path& hooks, const std::string& program);
/// From now on they stay.
void let_stay(const git::Place& place);

/// The directory that they go to; empty where they stay.
std::filesystem::path directory_on_call(const git::Place& place);

}  // namespace oe::hooks
