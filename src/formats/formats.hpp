#pragma once

#include "formats/experience.hpp"

namespace oe::formats {

/// Reads a workflow in whatever format it is. Errors: input, when it is one that is not read yet.
Result<Reading> read_any(Source source);

}  // namespace oe::formats
