#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/doc/edit.hpp"
#include "oe/formats/edit.hpp"

namespace oe::formats {

namespace {

using Json = nlohmann::json;

tl::unexpected<Error> misfit(std::string message, const std::string& name, std::string hint = {}) {
  return fail(Error(ErrorKind::failed, std::move(message), std::move(hint)).at({.file = name}));
}

std::size_t end_of_last_line(std::string_view text) {
  return text.find_last_not_of("\r\n") + 1;  // npos + 1 == 0
}

// Behind the last line that holds something; a text without a last line end still has none afterwards.
std::string with_line(std::string_view text, const std::string& line) {
  const std::size_t end = end_of_last_line(text);
  const std::string_view newline = text.find("\r\n") != text.npos ? "\r\n" : "\n";
  if (end == 0) return fmt::format("{}{}{}", text, line, newline);
  return fmt::format("{}{}{}{}", text.substr(0, end), newline, line, text.substr(end));
}

std::string_view last_line(std::string_view text) {
  const std::string_view body = text.substr(0, end_of_last_line(text));
  return body.substr(body.rfind('\n') + 1);  // npos + 1 == 0
}

Result<std::string> append_jsonl(std::string_view text, const Value& row) {
  const Result<doc::Document> example = doc::Document::parse(std::string(last_line(text)), "line");
  const bool is_example = example && example->root().style == doc::Style::flow;
  return with_line(text, is_example ? doc::written_like(*example, row) : row.dump());
}

Result<std::string> append_json(std::string_view text, const Value& row, const std::string& name) {
  const doc::Limits large{.bytes = JsonLimits{}.bytes, .depth = JsonLimits{}.depth, .nodes = 4'000'000, .aliases = 0};
  OE_TRY(const doc::Document document, doc::Document::parse(std::string(text), name, large));
  if (document.root().kind != doc::NodeKind::sequence) return misfit("the file does not hold a JSON array", name);
  return doc::insert_item(document, "", document.root().items.size(), row);
}

/// The first record of a csv or tsv text (RFC 4180).
struct Header {
  std::vector<std::string> columns;
  bool all_quoted = false;  ///< every column name stands in quotes, so every field does
};

class HeaderReader {
 public:
  HeaderReader(std::string_view text, char separator) : text_(text), separator_(separator) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  Header read() {
    Header header{.columns = {}, .all_quoted = true};
    do {
      header.all_quoted = header.all_quoted && text_.starts_with('"');
      header.columns.push_back(text_.starts_with('"') ? quoted_field() : plain_field());
    } while (skip_separator());
    return header;
  }

 private:
  std::string plain_field() {
    const char ends[] = {separator_, '\r', '\n', '\0'};
    const std::size_t end = std::min(text_.find_first_of(ends), text_.size());
    std::string field(text_.substr(0, end));
    text_.remove_prefix(end);
    return field;
  }

  std::string quoted_field() {
    std::string field;
    for (text_.remove_prefix(1); !text_.empty(); text_.remove_prefix(1)) {
      if (text_.starts_with("\"\"")) {
        text_.remove_prefix(1);
      } else if (text_.front() == '"') {
        text_.remove_prefix(1);
        break;
      }
      field += text_.front();
    }
    return field;
  }

  bool skip_separator() {
    const bool more = text_.starts_with(separator_);
    if (more) text_.remove_prefix(1);
    return more;
  }

  std::string_view text_;
  char separator_;
};

std::string cell_text(const Value& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.string_or("") : value.dump();
}

std::string cell(const std::string& text, char separator, bool always_quoted) {
  const char special[] = {separator, '"', '\r', '\n', '\0'};
  const bool padded = text.starts_with(' ') || text.ends_with(' ');
  if (!always_quoted && !padded && text.find_first_of(special) == text.npos) return text;
  std::string quoted = "\"";
  for (const char byte : text) quoted += byte == '"' ? std::string("\"\"") : std::string(1, byte);
  return quoted + '"';
}

Result<void> check_columns(const Header& header, const Value& row, const std::string& name) {
  if (!row.is_object()) return misfit("a row of a table is an object with the columns as keys", name);
  for (const auto& [key, value] : row.json().items()) {
    if (std::find(header.columns.begin(), header.columns.end(), key) != header.columns.end()) continue;
    return misfit(fmt::format("the table has no column '{}'", key), name, did_you_mean(key, header.columns));
  }
  return {};
}

Result<std::string> append_table(std::string_view text, char separator, const Value& row, const std::string& name) {
  if (end_of_last_line(text) == 0) return misfit("the table has no header line", name, "write the column names first");
  const Header header = HeaderReader(text, separator).read();
  OE_CHECK(check_columns(header, row, name));
  std::vector<std::string> cells;
  for (const std::string& column : header.columns) {
    cells.push_back(cell(cell_text(row.get(column)), separator, header.all_quoted));
  }
  const std::string line = join(cells, std::string_view(&separator, 1));
  return with_line(text, line.empty() ? "\"\"" : line);  // an empty line would be no row
}

}  // namespace

Result<std::string> append_row(std::string_view text, graph::RowFormat format, const Value& row,
                               const std::string& name) {
  switch (format) {
    case graph::RowFormat::json:
      return append_json(text, row, name);
    case graph::RowFormat::jsonl:
      return append_jsonl(text, row);
    case graph::RowFormat::csv:
      return append_table(text, ',', row, name);
    case graph::RowFormat::tsv:
      return append_table(text, '\t', row, name);
  }
  return fail(ErrorKind::bug, "a row format without a writer");
}

}  // namespace oe::formats
