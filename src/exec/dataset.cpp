#include "oe/exec/dataset.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "oe/base/box.hpp"
#include "oe/db/database.hpp"
#include "oe/sys/file.hpp"

namespace oe::exec {

namespace {

Result<Value> file_rows(const graph::FileSource& source, const std::filesystem::path& directory) {
  OE_TRY(const std::string text, sys::read_file(directory / source.uri, kMaxDatasetBytes));
  return parse_rows(text, source.format, source.uri);
}

Result<Value> query_rows(const graph::SqliteSource& source, const std::filesystem::path& directory) {
  OE_TRY(db::Database database, db::Database::open(directory / source.uri, db::Mode::read_only));
  OE_TRY(const std::vector<Value> rows, database.query(source.query));
  nlohmann::json array = nlohmann::json::array();
  for (const Value& row : rows) array.push_back(row.json());
  return Value(std::move(array));
}

Result<Value> unsupported_source(std::string_view type) {
  return fail(ErrorKind::input, fmt::format("dataset source '{}' is not supported yet", type),
              "fetch the data with a tool node, or read it from a file");
}

}  // namespace

Result<Value> load_rows(const graph::Dataset& dataset, const std::filesystem::path& directory) {
  return std::visit(overloaded{[&](const graph::FileSource& source) { return file_rows(source, directory); },
                               [&](const graph::SqliteSource& source) { return query_rows(source, directory); },
                               [](const graph::HttpSource&) { return unsupported_source("http"); },
                               [](const graph::McpSource&) { return unsupported_source("mcp-resource"); }},
                    dataset.source);
}

}  // namespace oe::exec
