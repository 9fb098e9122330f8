#pragma once

#include "oe/git/ref_journal.hpp"

namespace oe::git {

/// What a line about a ref says of its command: a write, or the end of a move.
void take_write(RefWrite write, RefCommand& command);

}  // namespace oe::git
