#include <algorithm>

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kTellingLetters = 24;  ///< that two places hardly share by chance

constexpr std::size_t kMostTries = 1000;  ///< past it nobody knows

bool is_change(const HunkLine& line) {
  return line.mark == Mark::plus || line.mark == Mark::minus;
}

std::size_t start_of(const Placement& place) {
  for (const std::size_t line : place.at) {
    if (line != kNowhere) return line;
  }
  return 0;
}

std::vector<std::size_t> starts_of(const Search& search) {
  std::vector<std::size_t> starts;
  for (const Placement& place : search.found) starts.push_back(start_of(place));
  return starts;
}

bool has_tab_indent(const Hunk& hunk) {
  return std::any_of(hunk.lines.begin(), hunk.lines.end(), [](const HunkLine& line) {
    return line.mark == Mark::plus && indent_of(line.text).find('\t') != std::string_view::npos &&
           !rstrip(line.text).empty();
  });
}

// The header promises fewer new lines, as if "-" had been forgotten somewhere.
bool lacks_minus(const Hunk& hunk) {
  if (!hunk.counts) return false;
  const Counts own = hunk.own_counts();
  return own.before == hunk.counts->before && own.after > hunk.counts->after;
}

bool is_replaced(std::string_view old, std::string_view now, bool is_counted) {
  if (indent_of(old) != indent_of(now) || is_trivial(old)) return false;
  const std::string_view key = key_in(old);
  if (!key.empty() && key == key_in(now)) return true;
  return is_counted && likeness(old, now) >= 0.5;
}

// An old line was perhaps kept as context beside its replacement.
bool may_lack_minus(const Hunk& hunk) {
  if (hunk.agrees()) return false;
  const bool is_counted = lacks_minus(hunk);
  for (std::size_t i = 0; i + 1 < hunk.lines.size(); ++i) {
    const HunkLine& a = hunk.lines[i];
    const HunkLine& b = hunk.lines[i + 1];
    const bool meets =
        (a.mark == Mark::context && b.mark == Mark::plus) || (a.mark == Mark::plus && b.mark == Mark::context);
    if (meets && is_replaced(a.text, b.text, is_counted)) return true;
  }
  return false;
}

// The lines that a hunk adds at its end (or start), where nothing holds the other side, stand there already.
std::size_t repeated_lines(const Hunk& hunk, const FileText& file, const Placement& place, bool at_end) {
  const std::size_t size = hunk.lines.size();
  std::size_t count = 0;
  while (count < size && hunk.lines[at_end ? size - 1 - count : count].mark == Mark::plus) ++count;
  if (count == 0 || count == size) return 0;
  const std::size_t beside = place.at[at_end ? size - 1 - count : count];
  if (beside == kNowhere) return 0;
  std::size_t same = 0;
  for (; same < count; ++same) {
    const std::size_t line = at_end ? beside + 1 + same : beside - 1 - same;
    const std::size_t mine = at_end ? size - count + same : count - 1 - same;
    if (line >= file.size() || weak_form(file.line(line)) != weak_form(hunk.lines[mine].text)) break;
  }
  return same == count ? 2 : same > 0 && !is_trivial(hunk.lines[at_end ? size - count : count - 1].text) ? 1 : 0;
}

std::vector<std::uint64_t> taken_keys(const Hunk& hunk, std::size_t begin, std::size_t end) {
  std::vector<std::uint64_t> keys;
  for (std::size_t i = begin; i < end; ++i) {
    if (hunk.lines[i].mark == Mark::minus) keys.push_back(key_of(hunk.lines[i].text, Level::weak));
  }
  std::ranges::sort(keys);
  return keys;
}

// A block to add that stands in the file already, wherever a diff would have put it.
bool stands_already(const FileText& file, const Hunk& hunk, std::size_t begin, std::size_t end, Level level) {
  std::vector<std::uint64_t> wanted;
  std::size_t letters = 0;
  const std::vector<std::uint64_t> gone = taken_keys(hunk, begin, end);
  for (std::size_t i = begin; i < end; ++i) {
    if (hunk.lines[i].mark == Mark::minus || is_trivial(hunk.lines[i].text)) continue;
    if (std::ranges::binary_search(gone, key_of(hunk.lines[i].text, Level::weak))) continue;
    if (!file.holds(hunk.lines[i].text, level)) return false;
    wanted.push_back(key_of(hunk.lines[i].text, level));
    letters += hunk.lines[i].text.size();
  }
  if (letters < kTellingLetters || (wanted.size() < 2 && letters < 2 * kTellingLetters)) return false;
  const std::vector<std::uint64_t>& keys = file.keys(level);
  std::size_t tries = 0;
  for (std::size_t line = 0; line < keys.size(); ++line) {
    if (keys[line] != wanted.front()) continue;
    if (++tries > kMostTries) return true;
    std::size_t found = 0;
    for (std::size_t i = line; i < keys.size() && found < wanted.size(); ++i) {
      if (keys[i] == wanted[found]) {
        ++found;
      } else if (!is_trivial(file.line(i))) {
        break;
      }
    }
    if (found == wanted.size()) return true;
  }
  return false;
}

bool adds_what_stands(const Hunk& hunk, const FileText& file, const Placement& place) {
  constexpr Rungs kBytesDiffer = bit(Rung::space) | bit(Rung::unicode);
  const bool is_same = place.fits.front().strength == 0 && (place.rungs & kBytesDiffer) == 0;
  const Level level = is_same ? Level::rstrip : Level::weak;
  for (std::size_t i = 0; i < hunk.lines.size();) {
    std::size_t end = i;
    std::size_t added = 0;
    while (end < hunk.lines.size() && is_change(hunk.lines[end])) added += hunk.lines[end++].mark == Mark::plus ? 1 : 0;
    const bool grows = added > end - i - added;
    if (grows && stands_already(file, hunk, i, end, level)) return true;
    i = std::max(end, i + 1);
  }
  return false;
}

std::optional<Refusal> doubt(const Hunk& hunk, const FileText& file, const Placement& place) {
  const std::size_t repeats =
      std::max(repeated_lines(hunk, file, place, true), repeated_lines(hunk, file, place, false));
  if (repeats == 2 || adds_what_stands(hunk, file, place))
    return refused(Reason::duplicate, "the lines to add stand there already", hunk, file, {start_of(place)});
  if (repeats == 1 && !hunk.agrees()) {
    return refused(Reason::ambiguous, "some of the lines to add stand there already", hunk, file, {start_of(place)});
  }
  if (may_lack_minus(hunk)) {
    return refused(Reason::ambiguous, "a line that is kept looks like one that is to be replaced", hunk, file,
                   {start_of(place)});
  }
  return std::nullopt;
}

Rungs count_rungs(const Hunk& hunk) {
  return hunk.needs_counts && !hunk.agrees() ? bit(Rung::recount) : 0;
}

// Lines to add that are indented as no line of the file is, where nothing tells how wide a tab is.
bool is_foreign_indent(const Hunk& hunk, const FileText& file, const Fit& fit) {
  if (fit.blanks_a_tab != 0) return false;
  const auto adds = [&](std::string_view indent) {
    return std::any_of(hunk.lines.begin(), hunk.lines.end(), [&](const HunkLine& line) {
      return line.mark == Mark::plus && line.text.starts_with(indent) && !rstrip(line.text).empty();
    });
  };
  return (adds("  ") && file.has_only_tabs()) || (adds("\t") && file.has_only_blanks());
}

std::vector<Option> options_at(const Hunk& hunk, const FileText& file, const Placement& place) {
  std::vector<Option> options;
  for (const Fit& fit : place.fits) {
    if (is_foreign_indent(hunk, file, fit)) continue;
    auto edits = edits_at(hunk, file, place, fit);
    if (!edits) continue;
    Option option;
    option.edits = std::move(*edits);
    option.rungs = place.rungs | fit.rungs | count_rungs(hunk);
    option.has_checksum = hunk.agrees();
    options.push_back(std::move(option));
  }
  return options;
}

using Options = tl::expected<std::vector<Option>, Refusal>;

Options from_search(const Hunk& hunk, const FileText& file, const Search& search) {
  if (search.is_many) {
    return tl::unexpected(refused(Reason::ambiguous, "several places fit equally well", hunk, file, starts_of(search)));
  }
  if (auto why = doubt(hunk, file, search.found.front())) return tl::unexpected(std::move(*why));
  std::vector<Option> options = options_at(hunk, file, search.found.front());
  if (options.empty()) {
    return tl::unexpected(refused(Reason::not_valid, "the new lines cannot be indented as the file is", hunk, file));
  }
  return options;
}

Options missing(const Hunk& hunk, const FileText& file) {
  return tl::unexpected(refused(Reason::not_found, "its old lines are not in the file", hunk, file));
}

Options into_empty(const Hunk& hunk, const FileText& file) {
  if (file.size() > 0) {
    return tl::unexpected(
        refused(Reason::ambiguous, "it has no context, so nobody knows where it belongs", hunk, file));
  }
  Option option;
  Edit edit;
  for (const HunkLine& line : hunk.lines) edit.lines.emplace_back(line.text);
  option.edits.push_back(std::move(edit));
  option.rungs = count_rungs(hunk);
  option.has_checksum = hunk.agrees();
  return std::vector<Option>{std::move(option)};
}

bool is_applied(const Hunk& hunk, const FileText& file) {
  return hunk.has(Mark::plus) && places_after_change(hunk, file).size() == 1;
}

// The blank that a "-" list item or a "+" one has lost makes it look like a change.
std::optional<Hunk> with_items_as_context(const Hunk& hunk, const FileText& file) {
  Hunk other = hunk;
  bool is_other = false;
  const auto is_there = [&](std::string_view text) { return file.holds(text, Level::exact); };
  for (HunkLine& line : other.lines) {
    if (line.mark != Mark::minus || is_there(line.text) || !is_there(line.raw)) continue;
    line.mark = Mark::context;
    line.text = line.raw;
    line.is_bare = true;
    is_other = true;
  }
  return is_other ? std::optional(std::move(other)) : std::nullopt;
}

void append(std::vector<Option>& all, Options more) {
  if (!more) return;
  for (Option& option : *more) all.push_back(std::move(option));
}

}  // namespace

Options options_as_written(const Hunk& hunk, const FileText& file) {
  const Search here = find_contiguous(hunk, file);
  if (here.is_many || !here.found.empty()) return from_search(hunk, file, here);
  const Search near = find_aligned(hunk, file);
  if (near.is_many || !near.found.empty()) return from_search(hunk, file, near);
  return missing(hunk, file);
}

Options options_of(const Hunk& hunk, const FileText& file) {
  if (std::none_of(hunk.lines.begin(), hunk.lines.end(), is_change)) {
    return tl::unexpected(refused(Reason::no_effect, "it changes nothing", hunk, file));
  }
  if (file.is_yaml() && has_tab_indent(hunk)) {
    return tl::unexpected(refused(Reason::not_valid, "YAML is not indented with tabs", hunk, file));
  }
  if (hunk.own_counts().before == 0) return into_empty(hunk, file);
  if (hunk.has(Mark::gap)) {
    std::vector<Option> pieces = options_in_pieces(hunk, file);
    return pieces.empty() ? missing(hunk, file) : Options(std::move(pieces));
  }
  const Search here = find_contiguous(hunk, file);
  if (here.is_many || !here.found.empty()) return from_search(hunk, file, here);
  std::vector<Option> all = options_with_other_signs(hunk, file);
  if (all.empty() && is_applied(hunk, file)) {
    return tl::unexpected(refused(Reason::duplicate, "the change is there already", hunk, file));
  }
  const Search near = find_aligned(hunk, file);
  if (near.is_many && all.empty()) return from_search(hunk, file, near);
  if (!near.found.empty() && !near.is_many) append(all, from_search(hunk, file, near));
  if (const auto other = with_items_as_context(hunk, file)) append(all, options_as_written(*other, file));
  if (all.empty()) all = options_in_pieces(hunk, file);
  return all.empty() ? missing(hunk, file) : Options(std::move(all));
}

}  // namespace oe::patch
