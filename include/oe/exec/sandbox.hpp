#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"

namespace oe::exec {

/// Whether bubblewrap is there and can make a sandbox here; the Error (environment) says why not and what to install.
/// Tries it once per process.
Result<void> sandbox_works();

/// The command line that runs `argv` inside bubblewrap: the repository read-only but for `sandbox.write` and a private
/// /tmp, the rest of the system read-only, no network unless granted, no home directory, dies with its parent.
Result<std::vector<std::string>> sandboxed(std::vector<std::string> argv, const graph::Sandbox& sandbox,
                                           const std::filesystem::path& root, const std::filesystem::path& directory);

}  // namespace oe::exec
