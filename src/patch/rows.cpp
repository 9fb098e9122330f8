#include <algorithm>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/base/value.hpp"

#include "patch/splice.hpp"

namespace oe::patch {

namespace {

using Json = nlohmann::ordered_json;

// Value::parse bounds the depth first; this keeps the order of keys.
void add_json(std::string_view text, std::vector<Json>& rows) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_array()) {
    rows.push_back(std::move(json));
    return;
  }
  for (Json& row : json) rows.push_back(std::move(row));
}

std::optional<std::vector<Json>> rows_in(std::string_view text) {
  std::vector<Json> rows;
  if (Value::parse(text)) {
    add_json(text, rows);
    return rows;
  }
  for (const Line& line : lines_of(text)) {
    if (trim(line.text).empty()) continue;
    if (!Value::parse(line.text)) return std::nullopt;
    add_json(line.text, rows);
  }
  return rows;
}

tl::unexpected<Refusal> no_rows(const FileText& file, Reason reason, std::string_view why) {
  Refusal out = refusal(reason, file.path() + ": " + std::string(why));
  out.path = file.path();
  return tl::unexpected(std::move(out));
}

// On one line, with blanks behind ":" and "," when the file has them.
std::string row_like(const FileText& file, const Json& row) {
  const std::string tight = row.dump();
  if (file.text().find("\": ") == std::string::npos) return tight;
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < tight.size(); ++i) {
    out += tight[i];
    if (tight[i] == '\\' && in_string) {
      out += tight[++i];
    } else if (tight[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && (tight[i] == ':' || tight[i] == ',')) {
      out += ' ';
    }
  }
  return out;
}

std::string as_lines(const FileText& file, const std::vector<Json>& rows) {
  std::string out = file.text();
  if (!file.has_newline_at_end()) out += file.usual_eol();
  for (const Json& row : rows) {
    out += row_like(file, row);
    out += file.usual_eol();
  }
  if (!file.has_newline_at_end()) out.resize(out.size() - file.usual_eol().size());
  return out;
}

std::string as_elements(const FileText& file, const std::vector<Json>& rows, bool has_old) {
  const std::string& text = file.text();
  const std::size_t close = text.rfind(']');
  const std::size_t last = text.find_last_not_of(" \t\r\n", close - 1);
  const bool is_spread = text.find('\n') < close;
  const std::string_view eol = file.usual_eol();
  const std::size_t bracket = text.find_first_not_of(" \t\r\n", text.find('[') + 1);
  const std::size_t line = text.rfind('\n', bracket);
  const std::string indent =
      line == std::string::npos || bracket == close ? "  " : text.substr(line + 1, bracket - line - 1);
  std::string out = text.substr(0, last + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (has_old || i > 0) out += ",";
    out += is_spread ? std::string(eol) + indent : (has_old || i > 0 ? " " : "");
    out += row_like(file, rows[i]);
  }
  const std::string rest = text.substr(last + 1);
  if (is_spread && rest.find('\n') > rest.find(']')) out += eol;
  return out + rest;
}

}  // namespace

tl::expected<std::string, Refusal> with_rows(const FileText& file, std::string_view text) {
  const auto rows = rows_in(text);
  if (!rows || rows->empty()) return no_rows(file, Reason::no_change_found, "there are no rows in the text");
  const bool is_lines = file.path().ends_with(".jsonl");
  const auto old = rows_in(file.text());
  const bool is_array = trim(file.text()).starts_with('[') && trim(file.text()).ends_with(']');
  if (!old || (!is_lines && !is_array)) return no_rows(file, Reason::not_valid, "the file is no list of rows");
  const auto is_there = [&](const Json& row) { return std::ranges::find(*old, row) != old->end(); };
  const auto there = std::ranges::count_if(*rows, is_there);
  if (there == std::ranges::ssize(*rows)) return no_rows(file, Reason::duplicate, "the rows are there already");
  if (there > 0) return no_rows(file, Reason::ambiguous, "some of the rows are there already");
  return is_lines ? as_lines(file, *rows) : as_elements(file, *rows, !old->empty());
}

}  // namespace oe::patch
