#pragma once

#include <string>
#include <string_view>

#include "formats/notes.hpp"

namespace oe::formats {

/// True when a text looks like an API key of one of the known providers.
bool looks_like_key(std::string_view text);

/// Notes an error for each value below the spot that looks like an API key or stands where only one can stand, without
/// repeating it. True when there was one.
bool note_keys(const Spot& spot, Notes& notes);

/// The same for headers of an http source, where a placeholder may stand in the place of a key.
void note_written_keys(const Spot& headers, Notes& notes);

}  // namespace oe::formats
