#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "oe/patch/patch.hpp"

#include "bench/surgeon/trial.hpp"

namespace oe::surgeon {

enum class Verdict {
  applied,   ///< right: the files are as they were meant
  declined,  ///< right: there was nothing to be done
  wrong,
  refused  ///< a result was wanted
};
/// `result` are all files afterwards, or nothing for a refusal; files as they were are a refusal, too.
Verdict judge(const Trial& trial, const std::optional<Files>& result);

using Outcome = tl::expected<patch::Patch, patch::Refusal>;
std::optional<Files> files_of(const Trial& trial, const Outcome& outcome);

using Gate = std::function<std::string(const std::vector<patch::FileEdit>&)>;
/// What a kind of proposal promises: the file parses, and one thing was added or one value changed, if that was asked
/// for. It knows the promise and nothing else of the trial.
Gate gate_of(Promise promise);

/// The surgeon on one trial; without `gate` every reading that parses is taken.
Outcome operate_on(const Trial& trial, bool gate);

}  // namespace oe::surgeon
