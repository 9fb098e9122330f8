#pragma once

#include "oe/exec/executor.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {

/// Puts the process of an attempt into its sandbox, when it has one. Errors: environment, when no sandbox can be made
/// here; input, when it grants what cannot be granted.
Result<void> enclose(sys::ProcessSpec& process, const AttemptSpec& spec, const std::filesystem::path& root);

}  // namespace oe::exec
