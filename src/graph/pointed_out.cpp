#include <algorithm>

#include "oe/graph/expression.hpp"

namespace oe::graph {

namespace {

constexpr std::size_t kLeft = 60;   // bytes shown before the fault
constexpr std::size_t kWide = 120;  // bytes shown in all

bool continues_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !continues_a_character(c); }));
}

std::size_t character_start(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && continues_a_character(text[at])) --at;
  return at;
}

}  // namespace

std::string pointed_out(std::string_view text, std::size_t begin, std::size_t end, std::size_t indent) {
  begin = std::min(begin, text.size());
  const std::size_t from = begin > kLeft ? character_start(text, begin - kLeft) : 0;
  const std::size_t to = text.size() - from > kWide ? character_start(text, from + kWide) : text.size();
  end = std::clamp(end, begin, to);
  std::string line(indent, ' ');
  line += from > 0 ? "..." : "";
  const std::size_t column = line.size() + characters(text.substr(from, begin - from));
  line += text.substr(from, to - from);
  line += to < text.size() ? "..." : "";
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  const std::size_t carets = std::max<std::size_t>(characters(text.substr(begin, end - begin)), 1);
  return line + '\n' + std::string(column, ' ') + std::string(carets, '^');
}

}  // namespace oe::graph
