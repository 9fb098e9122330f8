#pragma once

#include <filesystem>
#include <memory>

#include "oe/base/result.hpp"
#include "oe/sys/process.hpp"

#include "llm/route.hpp"
#include "llm/try.hpp"

namespace oe::llm {

/// Runs the program of a route (Way::command or Way::agent_cli) in `directory`. The route must live as long as the try.
/// Errors: environment: the program cannot be started.
Result<std::unique_ptr<Try>> run_program(sys::ProcessHost& processes, const std::filesystem::path& directory,
                                         const Route& route, const Ask& ask, TryEvents events);

}  // namespace oe::llm
