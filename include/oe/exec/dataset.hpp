#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"

namespace oe::exec {

/// A larger file is not read at all.
inline constexpr std::size_t kMaxDatasetBytes = std::size_t{256} << 20;

/// The rows of a file or query as a JSON array (section 5.5 of the reference; also tsv, and a byte order mark
/// is taken off). csv and tsv values are strings; a row with more or fewer fields than the header is an error, as
/// csv-parse has it by default. Errors: input with file, line and column; environment when the file or database cannot
/// be read.
Result<Value> load_rows(const graph::Dataset& dataset, const std::filesystem::path& directory);

/// The rows of a source, one at a time: a jsonl, csv or tsv file and a query are read as they are asked for, in bounded
/// memory; a json file is read whole.
class RowReader {
 public:
  virtual ~RowReader() = default;
  /// Nothing after the last row. Errors as load_rows().
  virtual Result<std::optional<Value>> next() = 0;
};
/// No limit on the size of the file, one of 16 MiB on a row.
Result<std::unique_ptr<RowReader>> open_rows(const graph::Dataset& dataset, const std::filesystem::path& directory);
/// The same with {{placeholders}} in the source filled from the input of an attempt; those in a query become its
/// parameters and are never read as SQL. Errors: also input, naming a placeholder that has no value.
Result<std::unique_ptr<RowReader>> open_rows(const graph::Dataset& dataset, const std::filesystem::path& directory,
                                             const Value& input);

/// The rows in a text of the given format; `name` is for messages.
Result<Value> parse_rows(std::string_view text, graph::RowFormat format, const std::string& name);

}  // namespace oe::exec
