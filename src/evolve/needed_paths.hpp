#pragma once

#include <string>
#include <vector>

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// What a trial checks out at first: the workflow's own directory. Of a workflow at the root the files beside it and the
/// directories that its text names ("tools/"). Empty: everything. What a node opens beyond that only shows when it runs.
Result<std::vector<std::string>> needed_paths(const git::Repository& repository, const Base& base);

}  // namespace oe::evolve
