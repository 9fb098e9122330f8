#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

#include "exec/delimited.hpp"
#include "exec/row_source.hpp"
#include "exec/text_pieces.hpp"

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

Result<Value> parse_json_line(const TextPiece& piece, const std::string& name) {
  const std::string_view content = trim(piece.text);
  Result<Value> row = Value::parse(content, kRowLimits);
  if (row) return row;
  const auto indent = static_cast<std::uint32_t>(content.data() - piece.text.data());
  const std::uint32_t column = row.error().location().column;
  return fail(
      std::move(row.error()).at({.file = name, .line = piece.line, .column = column == 0 ? 0 : column + indent}));
}

/// One JSON text a line; empty lines are skipped.
class JsonLines final : public RowReader {
 public:
  explicit JsonLines(TextPieces text) : text_(std::move(text)) {}

  Result<std::optional<Value>> next() override {
    while (true) {
      OE_TRY(const std::optional<TextPiece> piece, text_.next());
      if (!piece) return std::nullopt;
      if (trim(piece->text).empty()) continue;
      OE_TRY(Value row, parse_json_line(*piece, text_.name()));
      return row;
    }
  }

 private:
  TextPieces text_;
};

/// The elements of a JSON array that was read as a whole.
class ArrayRows final : public RowReader {
 public:
  explicit ArrayRows(Value rows) : rows_(std::move(rows)) {}

  Result<std::optional<Value>> next() override {
    if (next_ == rows_.size()) return std::nullopt;
    return Value(rows_.json()[next_++]);
  }

 private:
  Value rows_;
  std::size_t next_ = 0;
};

Result<Value> json_rows_of(std::string_view text, const std::string& name) {
  const std::string_view content = without_byte_order_mark(text);
  if (const auto bad = invalid_utf8(content))
    return fail(Error(ErrorKind::input, "not valid UTF-8", "convert it: iconv -f LATIN1 -t UTF-8")
                    .at(place_of(content, *bad, name)));
  return parse_json_rows(content, name);
}

Result<std::unique_ptr<RowReader>> reader_of(TextPieces text, graph::RowFormat format) {
  if (format == graph::RowFormat::jsonl) return std::make_unique<JsonLines>(std::move(text));
  return std::make_unique<DelimitedRows>(std::move(text), format == graph::RowFormat::tsv ? '\t' : ',');
}

Cut cut_of(graph::RowFormat format) {
  return format == graph::RowFormat::jsonl ? Cut::lines : Cut::records;
}

}  // namespace

Result<std::unique_ptr<RowReader>> open_file_rows(const graph::FileSource& source,
                                                  const std::filesystem::path& directory) {
  if (source.format == graph::RowFormat::json) {
    OE_TRY(const std::string text, sys::read_file(directory / source.uri, kMaxDatasetBytes));
    OE_TRY(Value rows, json_rows_of(text, source.uri));
    return std::make_unique<ArrayRows>(std::move(rows));
  }
  OE_TRY(TextPieces text, TextPieces::of_file(directory / source.uri, source.uri, cut_of(source.format)));
  return reader_of(std::move(text), source.format);
}

Result<Value> all_rows(RowReader& reader) {
  nlohmann::json rows = nlohmann::json::array();
  while (true) {
    OE_TRY(const std::optional<Value> row, reader.next());
    if (!row) return Value(std::move(rows));
    rows.push_back(row->json());
  }
}

Result<Value> parse_rows(std::string_view text, graph::RowFormat format, const std::string& name) {
  if (format == graph::RowFormat::json) return json_rows_of(text, name);
  OE_TRY(const auto reader, reader_of(TextPieces::of_text(text, name, cut_of(format)), format));
  return all_rows(*reader);
}

}  // namespace oe::exec
