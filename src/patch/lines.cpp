#include "patch/lines.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>
#include <utility>

namespace oe::patch {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// The ASCII character for the three-byte (or, for the no-break space, two-byte) one at `at`; 0 when there is none.
char ascii_for(std::string_view text, std::size_t at, std::size_t& length) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  length = 2;
  if (byte(0) == 0xC2 && byte(1) == 0xA0) return ' ';
  length = 3;
  if (byte(0) == 0xE3 && byte(1) == 0x80 && byte(2) == 0x80) return ' ';
  if (byte(0) != 0xE2) return 0;
  if (byte(1) == 0x88 && byte(2) == 0x92) return '-';
  if (byte(1) == 0x81 && byte(2) == 0x9F) return ' ';
  if (byte(1) != 0x80) return 0;
  const unsigned last = byte(2);
  if (last >= 0x82 && last <= 0x8A) return ' ';
  if (last >= 0x90 && last <= 0x95) return '-';
  if (last >= 0x98 && last <= 0x9B) return '\'';
  if (last >= 0x9C && last <= 0x9F) return '"';
  return last == 0xAF ? ' ' : '\0';
}

void append_weak(std::string& out, char c) {
  if (!is_blank(c)) {
    out += c;
  } else if (!out.empty() && out.back() != ' ') {
    out += ' ';
  }
}

}  // namespace

std::string_view rstrip(std::string_view text) {
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view indent_of(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
  return text.substr(0, end);
}

std::string weak_form(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t length = 0;
    const char ascii = static_cast<unsigned char>(text[i]) < 0x80 ? '\0' : ascii_for(text, i, length);
    append_weak(out, ascii != 0 ? ascii : text[i]);
    if (ascii != 0) i += length - 1;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

namespace {

// Without blanks at both ends; nothing when it takes more to make the weak form.
std::optional<std::string_view> simple_weak_form(std::string_view text) {
  text = rstrip(text);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_run = is_blank(text[i]) && (text[i] != ' ' || text[i + 1] == ' ');  // a blank is never the last
    if (is_run || static_cast<unsigned char>(text[i]) >= 0x80) return std::nullopt;
  }
  return text;
}

}  // namespace

std::uint64_t key_of(std::string_view text, Level level) {
  const std::hash<std::string_view> hash;
  if (level == Level::exact) return hash(text);
  if (level == Level::rstrip) return hash(rstrip(text));
  const auto simple = simple_weak_form(text);
  return simple ? hash(*simple) : hash(weak_form(text));
}

bool is_trivial(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0; });
}

double likeness(std::string_view a, std::string_view b) {
  const std::string x = weak_form(a);
  const std::string y = weak_form(b);
  if (x.size() + y.size() == 0) return 1;
  const std::size_t most = std::min(x.size(), y.size());
  std::size_t head = 0;
  while (head < most && x[head] == y[head]) ++head;
  std::size_t tail = 0;
  while (tail < most - head && x[x.size() - 1 - tail] == y[y.size() - 1 - tail]) ++tail;
  return 2.0 * static_cast<double>(head + tail) / static_cast<double>(x.size() + y.size());
}

std::string_view key_in(std::string_view line) {
  line.remove_prefix(indent_of(line).size());
  const std::size_t end = line.find_first_of(":=");
  if (end == std::string_view::npos || end < 1 || line.starts_with("- ")) return {};
  const std::string_view key = rstrip(line.substr(0, end));
  return key.find_first_of("{[(,") == std::string_view::npos ? key : std::string_view();
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  lines.reserve(text.size() / 24 + 1);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      lines.push_back({text, {}});
      break;
    }
    const bool has_cr = end > 0 && text[end - 1] == '\r';
    const std::size_t length = has_cr ? end - 1 : end;
    lines.push_back({text.substr(0, length), text.substr(length, end + 1 - length)});
    text.remove_prefix(end + 1);
  }
  return lines;
}

FileText::FileText(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)), lines_(lines_of(text_)) {}

std::string_view FileText::usual_eol() const {
  const auto crlf = std::ranges::count(lines_, std::string_view("\r\n"), &Line::eol);
  const auto lf = std::ranges::count(lines_, std::string_view("\n"), &Line::eol);
  return crlf > lf ? "\r\n" : "\n";
}

namespace {

constexpr std::ptrdiff_t kEnoughIndented = 3;

std::ptrdiff_t indented_with(const std::vector<Line>& lines, std::string_view indent) {
  return std::ranges::count_if(lines, [&](const Line& line) { return line.text.starts_with(indent); });
}

}  // namespace

bool FileText::has_only_tabs() const {
  return indented_with(lines_, "\t") >= kEnoughIndented && indented_with(lines_, "  ") == 0;
}

bool FileText::has_only_blanks() const {
  return indented_with(lines_, "  ") >= kEnoughIndented && indented_with(lines_, "\t") == 0;
}

bool FileText::is_yaml() const {
  return path_.ends_with(".yaml") || path_.ends_with(".yml");
}

bool FileText::holds(std::string_view text, Level level) const {
  std::vector<std::uint64_t>& sorted = sorted_[static_cast<std::size_t>(level)];
  if (sorted.size() != lines_.size()) {
    sorted = keys(level);
    std::ranges::sort(sorted);
  }
  return std::ranges::binary_search(sorted, key_of(text, level));
}

const std::vector<std::uint64_t>& FileText::keys(Level level) const {
  std::vector<std::uint64_t>& keys = keys_[static_cast<std::size_t>(level)];
  if (keys.size() == lines_.size()) return keys;
  keys.reserve(lines_.size());
  if (level == Level::rstrip) {
    const std::vector<std::uint64_t>& exact = this->keys(Level::exact);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const bool is_same = line(i).empty() || !is_blank(line(i).back());
      keys.push_back(is_same ? exact[i] : key_of(line(i), level));
    }
    return keys;
  }
  for (const Line& line : lines_) keys.push_back(key_of(line.text, level));
  return keys;
}

}  // namespace oe::patch
