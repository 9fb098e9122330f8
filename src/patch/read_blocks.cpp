#include "oe/base/text.hpp"

#include "patch/read.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostCells = std::size_t{1} << 17;  ///< for each of many blocks

enum class Marker { none, search, divider, replace };

bool is_row_of(std::string_view text, char c, std::size_t& length) {
  length = 0;
  while (length < text.size() && text[length] == c) ++length;
  return length >= 5 && length <= 12;
}

Marker marker_at(std::string_view line, bool in_block) {
  const std::string_view text = trim(line);
  std::size_t length = 0;
  const auto word_is = [&](std::initializer_list<std::string_view> words) {
    std::string_view word = trim(text.substr(length));
    while (!word.empty() && (word.back() == '<' || word.back() == '>')) word.remove_suffix(1);
    for (const std::string_view one : words) {
      if (trim(word) == one) return true;
    }
    return false;
  };
  if (is_row_of(text, '<', length) && word_is({"SEARCH", "ORIGINAL", "HEAD"})) return Marker::search;
  if (is_row_of(text, '-', length) && word_is({"SEARCH"})) return Marker::search;
  if (!in_block) return Marker::none;
  if (is_row_of(text, '=', length) && length == text.size()) return Marker::divider;
  if (is_row_of(text, '>', length) && word_is({"REPLACE", "UPDATED", ""})) return Marker::replace;
  if (is_row_of(text, '+', length) && word_is({"REPLACE"})) return Marker::replace;
  return Marker::none;
}

void add_block(Reading& files, const std::string& path, Hunk hunk) {
  if (files.empty() || (!path.empty() && files.back().after != path)) {
    FileChange file;
    file.before = file.after = path;
    files.push_back(std::move(file));
  }
  files.back().hunks.push_back(std::move(hunk));
}

}  // namespace

Read read_blocks(const Region& region, std::string_view) {
  Reading files;
  std::vector<Line> old;
  std::vector<Line> now;
  Marker state = Marker::none;
  std::string path = path_named_in(region.before);
  for (const Line& line : region.lines) {
    const Marker marker = marker_at(line.text, state != Marker::none);
    if (marker == Marker::search && state == Marker::none) {
      state = Marker::search;
    } else if (marker == Marker::divider && state == Marker::search) {
      state = Marker::divider;
    } else if (marker == Marker::replace && state == Marker::divider) {
      Hunk hunk = hunk_between(old, now, kMostCells);
      hunk.has_cr = line.eol.size() == 2;
      add_block(files, path, std::move(hunk));
      old.clear();
      now.clear();
      path.clear();
      state = Marker::none;
    } else if (marker != Marker::none) {
      return tl::unexpected(refusal(Reason::truncated, "the markers of a SEARCH/REPLACE block are out of order"));
    } else if (state == Marker::none) {
      const std::string named = path_named_in(line.text);
      if (!named.empty()) path = named;
    } else {
      (state == Marker::search ? old : now).push_back(line);
    }
  }
  if (state != Marker::none) {
    return tl::unexpected(refusal(Reason::truncated, "a SEARCH/REPLACE block has no end"));
  }
  return files;
}

}  // namespace oe::patch
