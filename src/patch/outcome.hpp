#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patch/change.hpp"
#include "patch/lines.hpp"

namespace oe::patch {

/// One outcome for one file.
struct Outcome {
  std::string after;
  Rungs rungs = 0;
  bool is_low = false;
  bool has_checksum = true;
};

using Outcomes = tl::expected<std::vector<Outcome>, Refusal>;

/// All changes to one file.
struct Work {
  std::string path;
  const FileText* file = nullptr;  ///< nullptr: it is new
  std::vector<const FileChange*> changes;
  Rungs rungs = 0;
};

/// What may become of the file; all results differ, parse where they have to, and have an effect. `is_judged`: the only
/// result there is will be held against more than its syntax, so that is not asked for here.
Outcomes outcomes_of(const Work& work, std::size_t most_readings, bool is_judged);

tl::unexpected<Refusal> refuse(Reason reason, std::string message, const std::string& path = {});

}  // namespace oe::patch
