#pragma once

#include <filesystem>
#include <optional>

#include "oe/graph/graph.hpp"

namespace oe::evolve {

/// What a trial may touch: files of its worktree at `root` and nothing else, whatever the workflow (in `directory`)
/// asks for; its limits on memory and the like stay, and where it has none on processes there are at most 512.
graph::Sandbox confined(const std::optional<graph::Sandbox>& asked, const std::filesystem::path& root,
                        const std::filesystem::path& directory);
/// The same of a whole graph. What asks for no sandbox is left to the default of the run.
graph::Graph confined(graph::Graph graph, const std::filesystem::path& root, const std::filesystem::path& directory);

}  // namespace oe::evolve
