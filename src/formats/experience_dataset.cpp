#include <filesystem>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "formats/experience.hpp"
#include "formats/model_secrets.hpp"

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

// A path below the body of an answer, "$.data.items"; empty when it is none.
std::string read_body_path(Fields& fields, std::string_view key) {
  std::string path = fields.text(key);
  const auto parsed = graph::parse_path(path);
  if (path.empty() || (parsed && !parsed->front().starts_with('$'))) return path;
  fields.notes().error(*fields.find(key), fmt::format("must be a path into the answer, found '{}'", ellipsis(path, 60)),
                       "write '$.data.items'");
  return "";
}

graph::Paging read_paging(const Spot& spot, Notes& notes) {
  Fields fields(spot, notes);
  graph::Paging paging;
  const auto next = fields.find("next");
  if (next && next->content().text == "link")
    paging.next = "link";
  else
    paging.next = read_body_path(fields, "next");
  paging.page = fields.text("page");
  paging.most = static_cast<std::uint32_t>(fields.integer("most", 1, 100'000).value_or(100));
  if (fields.usable() && !next && paging.page.empty())
    notes.error(spot, "must say 'next' or 'page'",
                "'next: $.path.in.the.answer' or 'next: link' where an answer names the next page, 'page: <query parameter>' "
                "where pages are counted, both for a cursor");
  if (paging.next == "link" && !paging.page.empty())
    notes.error(*fields.find("page"), "a Link header has the whole address of the next page", "take it out");
  fields.finish(Unknown::error);
  return paging;
}

std::string read_url(Fields& source) {
  std::string url = source.filled_text("url");
  if (url.empty() || url.starts_with("http://") || url.starts_with("https://") || url.starts_with("{{")) return url;
  source.notes().error(*source.find("url"), fmt::format("must be an http or https address, found '{}'", ellipsis(url, 60)));
  return "";
}

Dataset read_http(Fields& source) {
  graph::HttpSource http{.url = read_url(source),
                         .method = std::string(source.choice("method", kMethods).value_or("GET")),
                         .body = source.any("body")};
  if (const auto headers = source.find("headers")) {
    note_written_keys(*headers, source.notes());
    http.headers = text_map_at(*headers, source.notes());
  }
  http.rows = read_body_path(source, "rows");
  if (const auto paging = source.find("paging")) http.paging = read_paging(*paging, source.notes());
  constexpr std::int64_t kMostMebibytesOfABody = 256;
  http.max_mb = static_cast<std::uint32_t>(source.integer("max_mb", 1, kMostMebibytesOfABody).value_or(http.max_mb));
  return {std::move(http)};
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
