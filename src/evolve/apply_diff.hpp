#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/git/repository.hpp"

namespace oe::evolve {

/// The text of a file that a diff names, or nothing where there is none.
using ReadText = std::function<Result<std::optional<std::string>>(const std::string& path)>;

/// The files of a unified diff as they are afterwards, paths as it has them (without "a/" and "b/"). The old lines of
/// each hunk must stand exactly once in the file; line numbers and counts are not looked at. Files are changed or made,
/// never deleted or renamed. Errors: failed, quoting the hunk.
Result<std::vector<git::FileChange>> apply_diff(std::string_view diff, const ReadText& read);

}  // namespace oe::evolve
