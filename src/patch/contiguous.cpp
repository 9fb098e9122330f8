#include <algorithm>

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostPlaces = 1000;
constexpr std::size_t kMostHeld = std::size_t{1} << 18;  ///< lines that all places of one hunk have together
using Keys = std::vector<std::uint64_t>;

// Knuth, Morris, Pratt: linear however often lines repeat. The first `most`.
std::vector<std::size_t> occurrences(const Keys& needle, const Keys& hay, std::size_t most) {
  std::vector<std::size_t> places;
  if (needle.empty() || needle.size() > hay.size()) return places;
  std::vector<std::size_t> fall(needle.size(), 0);
  for (std::size_t i = 1, k = 0; i < needle.size(); ++i) {
    while (k > 0 && needle[i] != needle[k]) k = fall[k - 1];
    if (needle[i] == needle[k]) ++k;
    fall[i] = k;
  }
  for (std::size_t i = 0, k = 0; i < hay.size() && places.size() < most; ++i) {
    while (k > 0 && hay[i] != needle[k]) k = fall[k - 1];
    if (hay[i] == needle[k]) ++k;
    if (k < needle.size()) continue;
    places.push_back(i + 1 - k);
    k = fall[k - 1];
  }
  return places;
}

bool is_old(Mark mark) {
  return mark == Mark::context || mark == Mark::minus;
}
bool is_new(Mark mark) {
  return mark == Mark::context || mark == Mark::plus;
}

template <class Test>
Keys keys_of(const Hunk& hunk, Level level, Test test) {
  Keys keys;
  for (const HunkLine& line : hunk.lines) {
    if (test(line.mark)) keys.push_back(key_of(line.text, level));
  }
  return keys;
}

Alignment alignment_from(const Hunk& hunk, std::size_t start) {
  Alignment at(hunk.lines.size(), kNowhere);
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (is_old(hunk.lines[i].mark)) at[i] = start++;
  }
  return at;
}

Rungs rungs_between(std::string_view mine, std::string_view theirs) {
  if (mine == theirs) return 0;
  if (rstrip(mine) == rstrip(theirs)) return bit(Rung::rstrip);
  const std::string_view a = rstrip(mine).substr(indent_of(mine).size());
  const std::string_view b = rstrip(theirs).substr(indent_of(theirs).size());
  if (a == b) return 0;  // the fit tells
  const auto is_ascii = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
  };
  return bit(is_ascii(a) == is_ascii(b) && is_ascii(a) ? Rung::space : Rung::unicode);
}

int strength_of(const Placement& place) {
  int best = 9;
  for (const Fit& fit : place.fits) best = std::min(best, fit.strength);
  return best;
}

// Those that need the least.
void keep_strongest(std::vector<Placement>& places) {
  std::erase_if(places, [](const Placement& place) { return place.fits.empty(); });
  int best = 9;
  for (const Placement& place : places) best = std::min(best, strength_of(place));
  std::erase_if(places, [&](const Placement& place) { return strength_of(place) > best; });
}

// A name says where a line is, not where a block ends: lines that are only added have to stand between two of it.
bool changes_inside(const Placement& place, const Hunk& hunk, std::size_t begin, std::size_t end) {
  const auto is_in = [&](std::size_t line) { return line != kNowhere && line >= begin && line < end; };
  const std::size_t size = place.at.size();
  for (std::size_t i = 0; i < size;) {
    std::size_t last = i;
    bool has_minus = false;
    while (last < size && (hunk.lines[last].mark == Mark::plus || hunk.lines[last].mark == Mark::minus)) {
      const bool is_minus = hunk.lines[last].mark == Mark::minus;
      if (is_minus && !is_in(place.at[last])) return false;
      has_minus |= is_minus;
      ++last;
    }
    const bool is_pinned = i > 0 && last < size && is_in(place.at[i - 1]) && is_in(place.at[last]);
    if (last > i && !has_minus && !is_pinned) return false;
    i = std::max(last, i + 1);
  }
  return true;
}

bool meets_block(const Placement& place, std::size_t begin, std::size_t end) {
  return std::any_of(place.at.begin(), place.at.end(),
                     [&](std::size_t line) { return line != kNowhere && line >= begin && line <= end; });
}

// The only one that changes the block that the header names.
void narrow(Search& search, const Hunk& hunk, const FileText& file, std::vector<Placement>& places) {
  if (places.empty() || (places.size() == 1 && hunk.counts)) return;  // a name would change nothing
  const auto block = named_block(file, hunk);
  if (!block) return;
  std::vector<Placement> inside;
  for (const Placement& place : places) {
    if (changes_inside(place, hunk, block->first, block->second)) inside.push_back(place);
  }
  if (inside.size() == 1 && places.size() > 1) {
    places = std::move(inside);
    places.front().rungs |= bit(Rung::named);
  } else if (!hunk.counts && places.size() == 1 && !meets_block(places.front(), block->first, block->second)) {
    search.is_many = true;  // the name says otherwise than the lines
  }
}

}  // namespace

Placement placement_of(const Hunk& hunk, const FileText& file, Alignment at) {
  Placement place;
  place.fits = fits_of(hunk, file, at);
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (at[i] == kNowhere) continue;
    place.rungs |= rungs_between(rstrip(hunk.lines[i].text).empty() ? "" : hunk.lines[i].text, file.line(at[i]));
    if (!file.eol(at[i]).empty() && (file.eol(at[i]).size() == 2) != hunk.has_cr) place.rungs |= bit(Rung::eol);
  }
  place.at = std::move(at);
  return place;
}

void settle(Search& search, const Hunk& hunk, const FileText& file, std::vector<Placement> places) {
  keep_strongest(places);
  if (!search.is_many) narrow(search, hunk, file, places);
  search.is_many |= places.size() > 1;
  if (places.size() > 5) places.resize(5);
  search.found = std::move(places);
}

Search find_contiguous(const Hunk& hunk, const FileText& file) {
  for (const Level level : {Level::exact, Level::rstrip, Level::weak}) {
    const Keys old = keys_of(hunk, level, is_old);
    const std::size_t most = std::clamp<std::size_t>(kMostHeld / std::max<std::size_t>(old.size(), 1), 2, kMostPlaces);
    const std::vector<std::size_t> starts = occurrences(old, file.keys(level), most);
    if (starts.empty()) continue;
    Search search;
    search.is_many = starts.size() == most;  // past them nobody has looked
    std::vector<Placement> places;
    for (const std::size_t start : starts) places.push_back(placement_of(hunk, file, alignment_from(hunk, start)));
    settle(search, hunk, file, std::move(places));
    if (!search.found.empty()) return search;
  }
  return {};
}

std::vector<std::size_t> places_after_change(const Hunk& hunk, const FileText& file) {
  for (const Level level : {Level::exact, Level::rstrip}) {
    std::vector<std::size_t> places = occurrences(keys_of(hunk, level, is_new), file.keys(level), 2);
    if (!places.empty()) return places;
  }
  return {};
}

}  // namespace oe::patch
