#include <algorithm>

#include "oe/base/text.hpp"

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostNames = 8;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

bool has_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word(line[at - 1]);
    const bool ends = at + word.size() >= line.size() || !is_word(line[at + word.size()]);
    if (starts && ends) return true;
  }
  return false;
}

bool is_empty_line(const FileText& file, std::size_t i) {
  return rstrip(file.line(i)).empty();
}

std::string_view without_quotes(std::string_view text) {
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && std::string_view("\"', ").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

// The value of "id: x", "- id: x" or "\"id\": \"x\"".
std::string_view id_in(std::string_view line) {
  std::string_view text = trim(line);
  if (text.starts_with("- ")) text = trim(text.substr(2));
  if (text.starts_with("{")) text = trim(text.substr(1));
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || without_quotes(text.substr(0, colon)) != "id") return {};
  const std::string_view value = trim(text.substr(colon + 1));
  return without_quotes(value.substr(0, value.find_first_of(",}")));
}

std::size_t inner_indent(std::string_view line) {
  const std::size_t indent = indent_of(line).size();
  return line.substr(indent).starts_with("- ") ? indent + 2 : indent;
}

// 3: the id of a node, 2: the key or the line itself, 1: the word stands in it.
int names(std::string_view line, std::string_view name) {
  if (line.find(name) == std::string_view::npos) return 0;
  if (id_in(line) == name) return 3;
  const std::string_view text = trim(line);
  if (text == name || without_quotes(key_in(text)) == name) return 2;
  return has_word(line, name) ? 1 : 0;
}

// The last word of "def f", "node: x" or "nodes[x]" may be the name.
std::vector<std::string_view> forms_of(std::string_view name) {
  std::vector<std::string_view> forms{name};
  const std::string_view trimmed = trim(name);
  if (!id_in(trimmed).empty()) forms.push_back(id_in(trimmed));
  const std::size_t blank = trimmed.find_last_of(" :");
  if (blank != std::string_view::npos) forms.push_back(without_quotes(trimmed.substr(blank + 1)));
  return forms;
}

std::optional<std::size_t> line_named(const FileText& file, std::string_view name, std::size_t begin, std::size_t end) {
  for (const std::string_view form : forms_of(name)) {
    if (form.empty()) continue;
    int best = 0;
    std::size_t place = 0;
    std::size_t many = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const int here = names(file.line(i), form);
      if (here == 0 || here < best) continue;
      many = here > best ? 1 : many + 1;
      best = here;
      place = i;
    }
    if (many == 1) return place;
  }
  return std::nullopt;
}

}  // namespace

std::pair<std::size_t, std::size_t> block_at(const FileText& file, std::size_t line) {
  const auto indent = [&](std::size_t i) { return indent_of(file.line(i)).size(); };
  const bool is_heading = file.path().ends_with(".md") && file.line(line).starts_with('#');
  std::size_t first = line;
  std::size_t below = line + 1;
  while (below < file.size() && is_empty_line(file, below)) ++below;
  const bool opens = below < file.size() && indent(below) > indent(line);
  if (!opens && !is_heading) {  // a line inside: the block is that of the line above with less indentation
    while (first > 0 && (is_empty_line(file, first) || indent(first) >= indent(line))) --first;
    if (indent(first) >= indent(line)) return {0, file.size()};
  }
  std::size_t end = first + 1;
  const auto belongs = [&](std::size_t i) {
    if (is_heading) return !file.line(i).starts_with('#');
    if (is_empty_line(file, i) || indent(i) > indent(first)) return true;
    return indent(i) == indent(first) && is_trivial(file.line(i)) && !trim(file.line(i)).starts_with("-");
  };
  while (end < file.size() && belongs(end)) ++end;
  while (end > first + 1 && is_empty_line(file, end - 1)) --end;
  return {first, end};
}

std::optional<std::pair<std::size_t, std::size_t>> named_block(const FileText& file, const Hunk& hunk) {
  std::pair<std::size_t, std::size_t> block{0, file.size()};
  bool is_found = false;
  if (hunk.names.size() > kMostNames) return std::nullopt;
  for (const std::string_view name : hunk.names) {
    const auto line = line_named(file, name, block.first, block.second);
    if (!line) return std::nullopt;
    block = block_at(file, *line);
    is_found = true;
  }
  return is_found ? std::optional(block) : std::nullopt;
}

std::string id_around(const FileText& file, std::size_t line) {
  std::size_t level = static_cast<std::size_t>(-1);
  for (std::size_t i = std::min(line + 1, file.size()); i-- > 0 && line - std::min(i, line) < 2000;) {
    if (is_empty_line(file, i)) continue;
    const std::size_t inner = inner_indent(file.line(i));
    if (inner > level) continue;
    const std::string_view id = id_in(file.line(i));
    if (!id.empty()) return std::string(id);
    const std::size_t outer = indent_of(file.line(i)).size();
    level = outer < inner ? (outer == 0 ? 0 : outer - 1) : std::min(level, inner);
  }
  return "";
}

}  // namespace oe::patch
