#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/exec/dataset.hpp"

#include "exec/delimited.hpp"

namespace oe::exec {

namespace {

constexpr JsonLimits kRowLimits{.depth = 100, .bytes = kMaxDatasetBytes};

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

Location place_of(std::string_view text, std::size_t offset, const std::string& name) {
  Location place{.file = name, .line = 1, .column = 1};
  for (const char c : text.substr(0, offset)) {
    place.column = c == '\n' ? 1 : place.column + 1;
    if (c == '\n') ++place.line;
  }
  return place;
}

Result<Value> parse_json_rows(std::string_view text, const std::string& name) {
  Result<Value> rows = Value::parse(text, kRowLimits);
  if (!rows) {
    Location place = rows.error().location();
    place.file = name;
    return fail(std::move(rows.error()).at(std::move(place)));
  }
  if (rows->is_array()) return rows;
  return fail(Error(ErrorKind::input,
                    fmt::format("a dataset is a JSON array, and this is {}", rows->json().type_name()),
                    "put the rows into [ ]; one object a line is format jsonl")
                  .at(place_of(text, text.find_first_not_of(" \t\r\n"), name)));
}

Result<Value> parse_json_line(std::string_view line, std::uint32_t number, const std::string& name) {
  const std::string_view content = trim(line);
  Result<Value> row = Value::parse(content, kRowLimits);
  if (row) return row;
  const auto indent = static_cast<std::uint32_t>(content.data() - line.data());
  const std::uint32_t column = row.error().location().column;
  return fail(std::move(row.error()).at({.file = name, .line = number, .column = column == 0 ? 0 : column + indent}));
}

Result<Value> parse_json_lines(std::string_view text, const std::string& name) {
  nlohmann::json rows = nlohmann::json::array();
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++number;
    if (trim(line).empty()) continue;
    OE_TRY(const Value row, parse_json_line(line, number, name));
    rows.push_back(row.json());
  }
  return Value(std::move(rows));
}

}  // namespace

Result<Value> parse_rows(std::string_view text, graph::RowFormat format, const std::string& name) {
  const std::string_view content = without_byte_order_mark(text);
  if (const auto bad = invalid_utf8(content)) {
    return fail(Error(ErrorKind::input, "not valid UTF-8", "convert it: iconv -f LATIN1 -t UTF-8")
                    .at(place_of(content, *bad, name)));
  }
  switch (format) {
    case graph::RowFormat::json:
      return parse_json_rows(content, name);
    case graph::RowFormat::jsonl:
      return parse_json_lines(content, name);
    case graph::RowFormat::csv:
      return parse_delimited(content, ',', name);
    case graph::RowFormat::tsv:
      return parse_delimited(content, '\t', name);
  }
  return fail(ErrorKind::bug, "a row format without a parser");
}

}  // namespace oe::exec
