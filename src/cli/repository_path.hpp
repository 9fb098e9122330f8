#pragma once

#include <string>

#include "oe/git/repository.hpp"

namespace oe::cli {

/// A path as the user typed it, from the root of the working tree; empty for the root itself. It need not be there any
/// more. Errors: input (it leads outside).
Result<std::string> repository_path(const git::Place& place, const std::string& path);

}  // namespace oe::cli
