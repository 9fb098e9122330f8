#pragma once

#include <filesystem>
#include <functional>

#include "oe/ledger/run_state.hpp"

namespace oe::evolve {

/// Whether a run is a trial, going by its id.
bool is_trial(const RunId& run);
/// The journal of a trial below the directory of all of them.
std::filesystem::path trial_file(const std::filesystem::path& trials, const RunId& trial);
/// Reads a trial back. Errors: environment (it is gone), input (not as oe wrote it, with the line).
Result<void> read_trial(const std::filesystem::path& trials, const RunId& trial,
                        const std::function<void(const ledger::Event&)>& each);
/// The same, folded.
Result<ledger::RunState> trial_state(const std::filesystem::path& trials, const RunId& trial);

}  // namespace oe::evolve
