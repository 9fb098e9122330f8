#include "exec/delimited.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace oe::exec {

namespace {

struct DelimitedField {
  std::string text;
  std::size_t start = 0;  ///< byte offset in the whole text
};
using DelimitedRecord = std::vector<DelimitedField>;

/// Splits one record into its fields and knows where each began.
class DelimitedReader {
 public:
  DelimitedReader(const TextPiece& piece, char separator, const std::string& name)
      : text_(piece.text), line_(piece.line), name_(name), separator_(separator), stops_{separator, '\n', '\r', '"'} {}

  /// Empty for an empty line.
  Result<DelimitedRecord> record();
  Location location(std::size_t offset) const;

 private:
  Result<std::string> field();
  Result<std::string> quoted();
  bool at_end() const { return position_ >= text_.size(); }
  char peek() const { return text_[position_]; }
  bool at_line_end() const { return at_end() || peek() == '\n' || peek() == '\r'; }
  tl::unexpected<Error> wrong(std::size_t offset, std::string message, std::string hint) const;

  std::string_view text_;
  std::uint32_t line_;  ///< in which it begins
  const std::string& name_;
  char separator_;
  std::string stops_;
  std::size_t position_ = 0;
};

Result<DelimitedRecord> DelimitedReader::record() {
  DelimitedRecord record;
  while (!at_line_end()) {
    const std::size_t start = position_;
    OE_TRY(std::string text, field());
    record.push_back({std::move(text), start});
    if (at_line_end()) break;
    ++position_;
    if (at_line_end()) {  // the separator was the last thing on the line
      record.push_back({"", position_});
      break;
    }
  }
  return record;
}

Result<std::string> DelimitedReader::field() {
  if (peek() == '"') return quoted();
  const std::size_t start = position_;
  position_ = std::min(text_.find_first_of(stops_, start), text_.size());
  if (!at_end() && peek() == '"') {
    return wrong(position_, "a quote inside a field that does not begin with one",
                 R"(put the whole field in quotes and double the ones inside: "say ""hi""")");
  }
  return std::string(text_.substr(start, position_ - start));
}

Result<std::string> DelimitedReader::quoted() {
  const std::size_t opening = position_++;
  std::string value;
  while (true) {
    const std::size_t quote = text_.find('"', position_);
    if (quote == std::string_view::npos) return wrong(opening, "this quote is never closed", "");
    value.append(text_, position_, quote - position_);
    position_ = quote + 1;
    if (at_line_end() || peek() == separator_) return value;
    if (peek() != '"') {
      return wrong(position_, "text after a closing quote", R"(a quote inside a quoted field is written twice: "")");
    }
    value += '"';
    ++position_;
  }
}

Location DelimitedReader::location(std::size_t offset) const {
  const std::string_view before = text_.substr(0, offset);
  std::size_t line = line_;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool ends = before[i] == '\n' || (before[i] == '\r' && (i + 1 >= text_.size() || text_[i + 1] != '\n'));
    if (!ends) continue;
    ++line;
    line_start = i + 1;
  }
  return {.file = name_,
          .line = static_cast<std::uint32_t>(line),
          .column = static_cast<std::uint32_t>(offset - line_start + 1)};
}

tl::unexpected<Error> DelimitedReader::wrong(std::size_t offset, std::string message, std::string hint) const {
  return fail(Error(ErrorKind::input, std::move(message), std::move(hint)).at(location(offset)));
}

/// Two columns of one name would hide each other's values. Columns without a name are common (a trailing separator)
/// and share the key "".
Result<void> check_header(const DelimitedRecord& header, const DelimitedReader& reader) {
  std::vector<std::string_view> seen;
  for (const DelimitedField& field : header) {
    if (!field.text.empty() && std::find(seen.begin(), seen.end(), field.text) != seen.end()) {
      return fail(Error(ErrorKind::input, fmt::format("the header names column '{}' twice", field.text))
                      .at(reader.location(field.start)));
    }
    seen.push_back(field.text);
  }
  return {};
}

Result<nlohmann::json> row_object(const DelimitedHeader& header, DelimitedRecord row, const DelimitedReader& reader) {
  if (row.size() != header.size()) {
    const DelimitedField& first_wrong = row.size() > header.size() ? row[header.size()] : row.front();
    return fail(Error(ErrorKind::input,
                      fmt::format("row with {} fields under a header of {}", row.size(), header.size()),
                      "a field that holds a separator has to be quoted")
                    .at(reader.location(first_wrong.start)));
  }
  nlohmann::json object = nlohmann::json::object();
  for (std::size_t i = 0; i < row.size(); ++i) object[header[i]] = std::move(row[i].text);
  return object;
}

}  // namespace

Result<std::optional<Value>> DelimitedRows::next() {
  while (true) {
    OE_TRY(const std::optional<TextPiece> piece, text_.next());
    if (!piece) return std::nullopt;
    DelimitedReader reader(*piece, separator_, text_.name());
    OE_TRY(DelimitedRecord record, reader.record());
    if (record.empty()) continue;
    if (header_) {
      OE_TRY(nlohmann::json object, row_object(*header_, std::move(record), reader));
      return Value(std::move(object));
    }
    OE_CHECK(check_header(record, reader));
    header_.emplace();
    for (DelimitedField& field : record) header_->push_back(std::move(field.text));
  }
}

}  // namespace oe::exec
