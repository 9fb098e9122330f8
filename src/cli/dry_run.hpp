#pragma once

#include "cli/commands.hpp"
#include "cli/inputs.hpp"

namespace oe::cli {

/// `oe run --dry-run`: what would run, and what that takes going by the last runs of the same workflow. Records nothing.
Result<int> dry_run(Io& io, const RunOptions& options, const InputSources& sources);

}  // namespace oe::cli
