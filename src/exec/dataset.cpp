#include "oe/exec/dataset.hpp"

#include <fmt/core.h>
#include <utility>
#include <vector>

#include "oe/base/box.hpp"
#include "oe/db/cursor.hpp"
#include "oe/sys/file.hpp"

#include "exec/row_source.hpp"

namespace oe::exec {

namespace {

class QueryRows final : public RowReader {
 public:
  explicit QueryRows(db::Cursor cursor) : cursor_(std::move(cursor)) {}
  Result<std::optional<Value>> next() override { return cursor_.next(); }

 private:
  db::Cursor cursor_;
};

Result<std::unique_ptr<RowReader>> query_rows(const graph::SqliteSource& source, const std::vector<Value>& parameters,
                                              const std::filesystem::path& directory) {
  OE_TRY(db::Cursor cursor, db::Cursor::open(directory / source.uri, source.query, parameters));
  return std::make_unique<QueryRows>(std::move(cursor));
}

Result<std::unique_ptr<RowReader>> whole_source(std::string_view type) {
  return fail(ErrorKind::input, fmt::format("the rows of a source of type {} are not read one by one", type),
              "load it with a dataset node first, and go over the field that it writes");
}

Result<std::unique_ptr<RowReader>> open_source(const FilledSource& filled, const std::filesystem::path& directory) {
  using Opened = Result<std::unique_ptr<RowReader>>;
  return std::visit(
      overloaded{[&](const graph::FileSource& source) -> Opened { return open_file_rows(source, directory); },
                 [&](const graph::SqliteSource& source) { return query_rows(source, filled.parameters, directory); },
                 [](const graph::HttpSource&) { return whole_source("http"); },
                 [](const graph::McpSource&) { return whole_source("mcp-resource"); }},
      filled.dataset.source);
}

}  // namespace

Result<void> check_size(const graph::Dataset& dataset, const std::filesystem::path& directory) {
  const auto* file = std::get_if<graph::FileSource>(&dataset.source);
  if (file == nullptr) return {};
  std::error_code unreadable;
  const auto size = std::filesystem::file_size(directory / file->uri, unreadable);
  if (unreadable || size <= kMaxDatasetBytes) return {};
  return fail(std::move(sys::read_file(directory / file->uri, kMaxDatasetBytes)).error());
}

Result<std::unique_ptr<RowReader>> open_rows(const graph::Dataset& dataset, const std::filesystem::path& directory) {
  return open_source({dataset, {}}, directory);
}

Result<std::unique_ptr<RowReader>> open_rows(const graph::Dataset& dataset, const std::filesystem::path& directory,
                                             const Value& input) {
  OE_TRY(const FilledSource source, fill_source(dataset, input));
  return open_source(source, directory);
}

Result<Value> load_rows(const graph::Dataset& dataset, const std::filesystem::path& directory) {
  OE_CHECK(check_size(dataset, directory));
  OE_TRY(const auto reader, open_rows(dataset, directory));
  return all_rows(*reader);
}

}  // namespace oe::exec
