#pragma once

#include "cli/session.hpp"

namespace oe::cli {

/// `oe proposals --calibration`.
Result<void> print_calibration(Io& io, const Session& session, bool json);

}  // namespace oe::cli
