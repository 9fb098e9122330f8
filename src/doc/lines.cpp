#include "doc/lines.hpp"

#include <algorithm>

#include "doc/source.hpp"

namespace oe::doc {

std::size_t line_begin(std::string_view text, std::size_t offset) {
  const std::size_t newline = offset == 0 ? text.npos : text.rfind('\n', offset - 1);
  return newline == text.npos ? byte_order_mark(text) : newline + 1;
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  const std::size_t newline = text.find('\n', offset);
  if (newline == text.npos) return text.size();
  return newline > offset && text[newline - 1] == '\r' ? newline - 1 : newline;
}

std::size_t column_of(std::string_view text, std::size_t offset) {
  return offset - line_begin(text, offset);
}

std::string_view newline_at(std::string_view text, std::size_t offset) {
  std::size_t end = line_end(text, offset);
  if (end == text.size()) end = line_end(text, 0);
  if (end == text.size()) return "\n";
  return text[end] == '\r' ? "\r\n" : "\n";
}

bool begins_its_line(std::string_view text, std::size_t offset) {
  return text.substr(line_begin(text, offset), column_of(text, offset)).find_first_not_of(" \t") == text.npos;
}

bool ends_its_line(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(offset, line_end(text, offset) - offset);
  const std::size_t first = rest.find_first_not_of(" \t");
  return first == rest.npos || (rest[first] == '#' && first > 0);
}

bool blank_line_between(std::string_view text, std::size_t begin, std::size_t end) {
  for (std::size_t at = text.find('\n', begin); at < end; at = text.find('\n', at + 1)) {
    const std::size_t next = text.find_first_not_of(" \t\r", at + 1);
    if (next < end && text[next] == '\n') return true;
  }
  return false;
}

std::size_t end_of_deeper_comments(std::string_view text, std::size_t end_of_line, std::size_t column) {
  while (true) {
    const std::size_t next = text.find('\n', end_of_line);
    const std::size_t first = next == text.npos ? text.npos : text.find_first_not_of(' ', next + 1);
    if (first == text.npos || text[first] != '#' || first - (next + 1) <= column) return end_of_line;
    end_of_line = line_end(text, first);
  }
}

std::size_t begin_of_comments_above(std::string_view text, std::size_t begin_of_line) {
  while (begin_of_line > byte_order_mark(text)) {
    const std::size_t above = line_begin(text, begin_of_line - 1);
    const std::size_t first = text.find_first_not_of(" \t", above);
    if (text[first] != '#') break;
    begin_of_line = above;
  }
  return begin_of_line;
}

}  // namespace oe::doc
