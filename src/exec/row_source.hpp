#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "oe/exec/dataset.hpp"

namespace oe::exec {

Result<std::unique_ptr<RowReader>> open_file_rows(const graph::FileSource& source,
                                                  const std::filesystem::path& directory);

Result<Value> all_rows(RowReader& reader);

/// Errors: environment, for a file that is too large to be read as a whole.
Result<void> check_size(const graph::Dataset& dataset, const std::filesystem::path& directory);

/// A source with its values in place; those of a query are parameters.
struct FilledSource {
  graph::Dataset dataset;
  std::vector<Value> parameters;
};

/// Errors: input, naming a placeholder without a value or at a place of a query where no value can stand.
Result<FilledSource> fill_source(const graph::Dataset& dataset, const Value& input);

}  // namespace oe::exec
