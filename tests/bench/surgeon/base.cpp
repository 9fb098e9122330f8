#include "bench/surgeon/base.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "bench/surgeon/writers.hpp"

namespace oe::surgeon {
namespace {

Base written(Language language, Random& random) {
  switch (language) {
    case Language::yaml:
      return yaml_base(random);
    case Language::json:
      return json_base(random);
    case Language::jsonl:
      return rows_base(random);
    case Language::js:
      return js_base(random);
    case Language::markdown:
      break;
  }
  return markdown_base(random);
}

}  // namespace

std::string Text::bytes() const {
  std::string all;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    all += lines[i];
    if (i + 1 < lines.size() || final_newline) all += eol;
  }
  return all;
}

Text edited(const Text& text, const std::vector<Edit>& edits) {
  Text after = text;
  after.lines.clear();
  std::size_t next = 0;
  for (const Edit& edit : edits) {
    while (next < edit.at) after.lines.push_back(text.lines[next++]);
    after.lines.insert(after.lines.end(), edit.insert.begin(), edit.insert.end());
    next += edit.remove;
  }
  while (next < text.lines.size()) after.lines.push_back(text.lines[next++]);
  return after;
}

Base make_base(Language language, Random& random) {
  Base base = written(language, random);
  base.text.language = language;
  return base;
}

std::string tuned(const std::string& line, Random& random) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t end = line.size();
  while (end > 0 && !digit(line[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && digit(line[begin - 1])) --begin;
  const std::string old = line.substr(begin, end - begin);
  std::string now = old;
  while (now == old) now = std::to_string(random.between(2, 90));
  return line.substr(0, begin) + now + line.substr(end);
}

std::vector<std::string> new_block(const Base& base, std::size_t place, Random& random) {
  const std::string name = fmt::format("{}_{}", word(random), random.between(100, 999));
  switch (base.text.language) {
    case Language::yaml:
      return yaml_node(name, random, base.text.lines.size() > place && base.text.lines[place].empty());
    case Language::json:
      return json_entry(name, random);
    case Language::jsonl:
      return {row(name, random)};
    case Language::js:
      return js_function(name, random);
    case Language::markdown:
      break;
  }
  return markdown_section(name, random);
}

std::string new_line(const Base& base, std::size_t gap, Random& random) {
  const std::string& after = base.text.lines[gap];
  const std::string indent = after.substr(0, std::min(after.find_first_not_of(" \t"), after.size()));
  const std::size_t number = random.between(2, 900);
  switch (base.text.language) {
    case Language::yaml:
      return fmt::format("{}priority: {}", indent, number);
    case Language::json:
      return fmt::format("{}\"weight\": {},", indent, number);
    case Language::jsonl:
      return row(fmt::format("{}_{}", word(random), number), random);
    case Language::js:
      return fmt::format("{}log.note('{} – {}', {});", indent, word(random), word(random), number);
    case Language::markdown:
      break;
  }
  return fmt::format("- Say “{}” no more than {} times; never {}.", word(random), number, word(random));
}

}  // namespace oe::surgeon
