#include <algorithm>
#include <string_view>
#include <utility>

#include "bench/surgeon/work.hpp"

namespace oe::surgeon {
namespace {

using Indexes = std::vector<std::size_t>;

bool is_context(const Hunk& hunk, std::size_t i) {
  return i < hunk.lines.size() && hunk.lines[i].sign == ' ';
}

// Context lines with context on both sides: none of them touches the change or is the outermost.
Indexes inner_context(const Hunk& hunk) {
  Indexes found;
  for (std::size_t i = 1; i + 1 < hunk.lines.size(); ++i)
    if (is_context(hunk, i - 1) && is_context(hunk, i) && is_context(hunk, i + 1)) found.push_back(i);
  return found;
}

bool skip_line(Hunk& hunk, Random& random) {
  const Indexes inner = inner_context(hunk);
  if (inner.empty()) return false;
  hunk.lines.erase(hunk.lines.begin() + static_cast<long>(random.of(inner)));
  if (random.percent(50)) count(hunk);
  return true;
}

std::string paraphrase(const std::string& text, Random& random) {
  const std::size_t digits = text.find_last_of("0123456789");
  if (digits != std::string::npos && random.percent(50))
    return text.substr(0, digits + 1) + ".0" + text.substr(digits + 1);
  const std::size_t quote = text.find('"');
  if (quote != std::string::npos) return text.substr(0, quote) + "'" + text.substr(quote + 1);
  const std::size_t colon = text.find(": ");
  if (colon == std::string::npos) return text + " (etc.)";
  return text.substr(0, colon + 2) + "\"" + text.substr(colon + 2) + "\"";
}

// One line in the model's own words. When it touches the change nothing says any more that this is the place.
bool reword(Work& work, Hunk& hunk, Random& random) {
  Indexes lines;
  const bool touching = random.percent(20);
  for (std::size_t i = 0; i < hunk.lines.size(); ++i) {
    const bool near =
        (i > 0 && hunk.lines[i - 1].sign != ' ') || (i + 1 < hunk.lines.size() && hunk.lines[i + 1].sign != ' ');
    if (is_context(hunk, i) && near == touching && hunk.lines[i].text.size() > 4) lines.push_back(i);
  }
  if (lines.empty()) return false;
  Line& line = hunk.lines[random.of(lines)];
  line.text = paraphrase(line.text, random);
  work.trial.must_refuse |= touching;
  return true;
}

bool add_blanks(Hunk& hunk, Random& random) {
  bool changed = false;
  for (Line& line : hunk.lines)
    if (line.sign != '+' && random.percent(50)) line.text += random.percent(70) ? " " : "  ", changed = true;
  return changed;
}

std::size_t indent_of(const std::string& text) {
  return std::min(text.find_first_not_of(' '), text.size());
}

bool detab(Hunk& hunk, Random& random) {
  const std::string unit(random.percent(50) ? 2 : 4, ' ');
  bool changed = false;
  for (Line& line : hunk.lines) {
    const std::size_t tabs = std::min(line.text.find_first_not_of('\t'), line.text.size());
    std::string blanks;
    for (std::size_t i = 0; i < tabs; ++i) blanks += unit;
    line.text = blanks + line.text.substr(tabs);
    changed |= tabs > 0 && line.sign != '+';
  }
  return changed;
}

bool widen(Hunk& hunk, Random& random) {
  bool changed = false;
  for (Line& line : hunk.lines) {
    const std::size_t at = line.text.find(' ', indent_of(line.text));
    if (line.sign == '+' || at == std::string::npos || random.percent(30)) continue;
    line.text.insert(at, random.percent(70) ? " " : "\t");
    changed = true;
  }
  return changed;
}

bool shift(Hunk& hunk, Random& random) {
  std::size_t least = 100;
  for (const Line& line : hunk.lines)
    if (!line.text.empty()) least = std::min(least, indent_of(line.text));
  const std::size_t by = random.percent(70) ? 2 : 4;
  const bool out = least >= by && random.percent(80);
  for (Line& line : hunk.lines) {
    if (line.text.empty()) continue;
    line.text = out ? line.text.substr(by) : std::string(by, ' ') + line.text;
  }
  return true;
}

// The first blank of a context line is gone; a line that would read as another sign then keeps it.
bool lose_space(Hunk& hunk, Random& random) {
  const bool all = random.percent(40);
  bool changed = false;
  for (Line& line : hunk.lines) {
    const bool safe = !line.text.empty() && std::string_view("-+@\\`*<=>").find(line.text[0]) == std::string_view::npos;
    if (line.sign != ' ' || !safe || (!all && random.percent(50))) continue;
    line.sign = 0;
    changed = true;
  }
  return changed;
}

bool bare_blanks(Hunk& hunk) {
  bool changed = false;
  for (Line& line : hunk.lines)
    if (line.sign == ' ' && line.text.empty()) line.sign = 0, changed = true;
  return changed;
}

// The far lines of a long context give way to dots.
bool elide(Hunk& hunk, Random& random) {
  std::size_t before = 0;
  while (is_context(hunk, before)) ++before;
  if (before < 5) return false;
  const auto begin = hunk.lines.begin();
  hunk.lines.erase(begin + 2, begin + static_cast<long>(before) - 2);
  hunk.lines.insert(hunk.lines.begin() + 1, Line{random.percent(70) ? ' ' : '\0', "...", false});
  hunk.lines.erase(hunk.lines.begin() + 2);
  return true;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

bool retype(Hunk& hunk, Random& random) {
  using Pair = std::pair<std::string_view, std::string_view>;
  static const std::vector<Pair> curly = {{"'", "’"}, {"\"", "”"}, {" - ", " — "}, {": ", ":\xc2\xa0"}};
  static const std::vector<Pair> plain = {{"’", "'"}, {"“", "\""}, {"”", "\""}, {"–", "-"}, {"…", "..."}};
  const std::vector<Pair>& table = random.percent(50) ? curly : plain;
  const std::size_t most = random.between(1, table.size());
  bool changed = false;
  for (Line& line : hunk.lines) {
    if (line.sign == '+') continue;
    const std::string old = line.text;
    for (std::size_t i = 0; i < most; ++i) replace_all(line.text, table[i].first, table[i].second);
    changed |= line.text != old;
  }
  return changed;
}

bool damage_hunk(Work& work, std::size_t file, Hunk& hunk, Kind kind, Random& random) {
  const Language language = work.changes[file].before.language;
  switch (kind) {
    case Kind::context_skipped:
      return skip_line(hunk, random);
    case Kind::context_paraphrased:
      return reword(work, hunk, random);
    case Kind::trailing_blanks:
      return add_blanks(hunk, random);
    case Kind::inner_spaces:
      return language == Language::js ? detab(hunk, random) : widen(hunk, random);
    case Kind::shifted:
      return (language == Language::yaml || language == Language::json) && shift(hunk, random);
    case Kind::lost_space:
      return lose_space(hunk, random);
    case Kind::bare_blank:
      return bare_blanks(hunk);
    case Kind::elision:
      return elide(hunk, random);
    case Kind::typographic:
      return retype(hunk, random);
    default:
      return false;
  }
}

}  // namespace

bool damage_lines(Work& work, Kind kind, Random& random) {
  static const std::vector<Kind> ours = {
      Kind::context_skipped, Kind::context_paraphrased, Kind::trailing_blanks, Kind::inner_spaces, Kind::shifted,
      Kind::lost_space,      Kind::bare_blank,          Kind::elision,         Kind::typographic};
  if (std::find(ours.begin(), ours.end(), kind) == ours.end()) return true;
  bool damaged = false;
  for (std::size_t file = 0; file < work.draft.size(); ++file)
    for (Hunk& hunk : work.draft[file].hunks) damaged |= damage_hunk(work, file, hunk, kind, random);
  return damaged;
}

}  // namespace oe::surgeon
