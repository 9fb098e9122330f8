#pragma once

#include <filesystem>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"

namespace oe::exec {

/// The rows of a file or query as a JSON array (section 5.5 of the reference; also tsv, and a byte order mark
/// is taken off). csv and tsv values are strings. Errors: input with file, line and column; environment when
/// the file cannot be read.
Result<Value> load_rows(const graph::Dataset& dataset, const std::filesystem::path& directory);

/// The rows in a text of the given format; `name` is for messages.
Result<Value> parse_rows(std::string_view text, graph::RowFormat format, const std::string& name);

}  // namespace oe::exec
