#pragma once

#include <span>
#include <string_view>

#include "oe/base/ids.hpp"
#include "oe/base/result.hpp"

namespace oe::ledger {

/// The run among `runs` (newest first) that a person means by `name`: any unique prefix, with or without "r-", or
/// "last". Errors: input, listing at most five candidates.
Result<RunId> resolve_run(std::span<const RunId> runs, std::string_view name);

}  // namespace oe::ledger
