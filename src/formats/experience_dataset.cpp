#include <filesystem>
#include <fmt/core.h>

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

using graph::Dataset;
using graph::RowFormat;

constexpr std::array<Word<std::optional<RowFormat>>, 6> kRowFormats = {{
    {"json", RowFormat::json},
    {"jsonl", RowFormat::jsonl},
    {"ndjson", RowFormat::jsonl},
    {"csv", RowFormat::csv},
    {"tsv", RowFormat::tsv},
    {"parquet", std::nullopt},
}};
constexpr std::array<Word<std::string_view>, 2> kMethods = {{{"GET", "GET"}, {"POST", "POST"}}};

RowFormat not_readable(Fields& source, const Spot& spot) {
  source.notes().error(spot, "parquet files cannot be read", "convert it to jsonl or csv");
  return RowFormat::json;
}

RowFormat format_by_extension(Fields& source, const std::string& uri) {
  const std::string extension = std::filesystem::path(uri).extension().string();
  const Spot spot = *source.find("uri");
  for (const auto& [name, format] : kRowFormats) {
    if (extension != fmt::format(".{}", name)) continue;
    return format ? *format : not_readable(source, spot);
  }
  source.notes().error(spot, fmt::format("the name '{}' does not tell what is in the file", uri),
                       "add 'format: json', jsonl, csv or tsv");
  return RowFormat::json;
}

RowFormat read_format(Fields& source, const std::string& uri) {
  const auto spot = source.find("format");
  if (!spot) return uri.empty() ? RowFormat::json : format_by_extension(source, uri);
  const auto format = source.choice("format", kRowFormats);
  if (!format) return RowFormat::json;
  return *format ? **format : not_readable(source, *spot);
}

Dataset read_file(Fields& source) {
  source.find("transform");  // typed in the original and never used
  const std::string uri = source.filled_text("uri");
  return {graph::FileSource{.uri = uri, .format = read_format(source, uri)}};
}

Dataset read_sqlite(Fields& source) {
  return {graph::SqliteSource{.uri = source.filled_text("uri"), .query = source.filled_text("query")}};
}

Dataset read_http(Fields& source) {
  const auto method = source.choice("method", kMethods).value_or("GET");
  return {
      graph::HttpSource{.url = source.filled_text("url"), .method = std::string(method), .body = source.any("body")}};
}

Dataset read_mcp_resource(Fields& source) {
  return {graph::McpSource{.server = source.filled_text("server"), .uri = source.filled_text("uri")}};
}

using ReadSource = Dataset (*)(Fields&);
constexpr std::array<Word<ReadSource>, 4> kSources = {{
    {"file", read_file},
    {"sqlite", read_sqlite},
    {"http", read_http},
    {"mcp-resource", read_mcp_resource},
}};

}  // namespace

Dataset read_source(const Spot& spot, Notes& notes) {
  Fields source(spot, notes);
  if (!source.usable()) return {};
  const auto read = source.choice("type", kSources, Need::required);
  if (!read) return {};
  Dataset dataset = (*read)(source);
  source.finish(Unknown::warning, "this type of source has no such key");
  return dataset;
}

}  // namespace oe::formats
