#pragma once

#include <string_view>

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// The promise held against the bytes of the workflow file: outside of the promised value, node, edges and fields, each
/// word, comment, quote, blank and line end is where it was, in the same order. Error: failed, with the line.
Result<void> keeps_text(const Base& before, const Base& after, const TuneParam& tune);
Result<void> keeps_text(const Base& before, const Base& after, const AddNode& add);

/// A dataset file with one row more is the old bytes with one piece put in; only blanks may make place for it.
Result<void> keeps_rows_text(std::string_view before, std::string_view after);

}  // namespace oe::evolve
