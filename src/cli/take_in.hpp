#pragma once

#include "cli/session.hpp"

namespace oe::cli {

/// Records which open proposals became history since somebody looked.
Result<void> take_in_history(Io& io, Session& session);

}  // namespace oe::cli
