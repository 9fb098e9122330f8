#include <algorithm>

#include "oe/base/text.hpp"

#include "patch/read.hpp"

namespace oe::patch {

HunkLine body_line(std::string_view text) {
  HunkLine line;
  line.raw = text;
  line.text = text.empty() ? text : text.substr(1);
  if (text.empty() || text.front() == ' ') return line;
  if (text.front() == '+') {
    line.mark = Mark::plus;
  } else if (text.front() == '-') {
    line.mark = Mark::minus;
  } else {
    line.text = text;
    line.is_bare = true;
  }
  return line;
}

bool is_elision(std::string_view text) {
  std::string_view rest = trim(text);
  bool is_comment = false;
  for (const std::string_view leader : {"//", "#", "<!--", "/*", "--", ";"}) {
    if (!rest.starts_with(leader)) continue;
    rest = trim(rest.substr(leader.size()));
    is_comment = true;
    break;
  }
  if (rest.starts_with('[') || rest.starts_with('(')) {
    const bool is_closed = rest.size() > 2 && (rest.back() == ']' || rest.back() == ')');
    if (is_closed) rest = rest.substr(1, rest.size() - 2);
  }
  for (const std::string_view dots : {"...", "\xE2\x80\xA6"}) {
    if (rest == dots || (is_comment && rest.starts_with(dots) && rest.size() < 80)) return true;
  }
  return false;
}

namespace {

std::string_view after_word(std::string_view line, std::string_view word) {
  return line.starts_with(word) ? trim(line.substr(word.size())) : line;
}

bool may_be_path(std::string_view text) {
  if (text.empty() || text.size() > 300 || text.find_first_of(" \t<>|\"'`*?{}(),;=") != std::string_view::npos) {
    return false;
  }
  return text.find('.') != std::string_view::npos || text.find('/') != std::string_view::npos;
}

}  // namespace

std::string path_named_in(std::string_view line) {
  std::string_view text = trim(line);
  for (const std::string_view word : {"###", "##", "#", "//", "<!--", "--", "*", "-"}) text = after_word(text, word);
  for (const std::string_view word : {"File:", "file:", "path:", "Path:", "filename:", "Filename:"}) {
    text = after_word(text, word);
  }
  while (!text.empty() && std::string_view("*`:\"'").find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  if (text.ends_with("-->")) text = trim(text.substr(0, text.size() - 3));
  while (!text.empty() && std::string_view("*`:\"'").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  if (may_be_path(text)) return std::string(text);
  const std::size_t open = text.find('`');  // "Here is the new `a/b.yaml`"
  const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
  std::string_view quoted = close == std::string_view::npos ? "" : text.substr(open + 1, close - open - 1);
  if (quoted.empty() && open != std::string_view::npos) quoted = text.substr(open + 1);
  return may_be_path(quoted) ? std::string(quoted) : "";
}

}  // namespace oe::patch
