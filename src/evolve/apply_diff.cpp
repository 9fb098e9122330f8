#include "evolve/apply_diff.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"

namespace oe::evolve {

namespace {

using Lines = std::vector<std::string>;

struct Hunk {
  Lines before;  ///< context and what goes
  Lines after;   ///< context and what comes
  std::string text;
};

struct DiffedFile {
  std::string before;  ///< empty: /dev/null
  std::string after;
  std::vector<Hunk> hunks;
};

std::string path_in(std::string_view line) {
  std::string_view path = trim(line.substr(4));
  path = path.substr(0, path.find('\t'));
  if (path == "/dev/null") return "";
  if (path.starts_with("a/") || path.starts_with("b/")) path.remove_prefix(2);
  return std::string(path.starts_with("./") ? path.substr(2) : path);
}

bool starts_file(const Lines& lines, std::size_t at) {
  return lines[at].starts_with("--- ") && at + 1 < lines.size() && lines[at + 1].starts_with("+++ ");
}

// Empty lines at the end are the end of the text, not context.
Lines lines_of_diff(std::string_view diff) {
  Lines lines = split(diff, '\n');
  for (std::string& line : lines) {
    if (line.ends_with('\r')) line.pop_back();
  }
  while (!lines.empty() && (lines.back().empty() || lines.back().starts_with("```"))) lines.pop_back();
  return lines;
}

Result<void> add_line(Hunk& hunk, const std::string& line) {
  hunk.text += line + "\n";
  const std::string content = line.empty() ? "" : line.substr(1);
  if (line.empty() || line.front() == ' ') {  // models drop the blank of an empty line
    hunk.before.push_back(content);
    hunk.after.push_back(content);
  } else if (line.front() == '-') {
    hunk.before.push_back(content);
  } else if (line.front() == '+') {
    hunk.after.push_back(content);
  } else if (line.front() != '\\') {
    return fail(ErrorKind::failed, fmt::format("a line of a hunk starts with neither blank, + nor -: {}", line));
  }
  return {};
}

Result<std::vector<DiffedFile>> parse(std::string_view diff) {
  const Lines lines = lines_of_diff(diff);
  std::vector<DiffedFile> files;
  bool in_hunk = false;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const std::string& line = lines[at];
    if (starts_file(lines, at)) {
      files.push_back({path_in(line), path_in(lines[++at]), {}});
      in_hunk = false;
    } else if (line.starts_with("@@") && !files.empty()) {
      files.back().hunks.push_back({.text = line + "\n"});
      in_hunk = true;
    } else if (line.starts_with("diff --git ")) {
      in_hunk = false;
    } else if (in_hunk) {
      OE_CHECK(add_line(files.back().hunks.back(), line));
    }
  }
  const auto is_empty = [](const DiffedFile& file) { return file.hunks.empty(); };
  if (files.empty() || std::any_of(files.begin(), files.end(), is_empty)) {
    return fail(ErrorKind::failed, "this is no unified diff: each file needs '--- a/...', '+++ b/...' and '@@' lines");
  }
  return files;
}

struct Text {
  Lines lines;
  std::string_view newline = "\n";
  bool is_ended = true;  ///< by a newline

  explicit Text(std::string_view text) {
    if (text.find("\r\n") != std::string_view::npos) newline = "\r\n";
    lines = split(text, '\n');
    is_ended = lines.back().empty();
    if (is_ended) lines.pop_back();
    for (std::string& line : lines) {
      if (line.ends_with('\r')) line.pop_back();
    }
  }
  std::string joined() const {
    const std::string text = join(lines, newline);
    return is_ended && !lines.empty() ? text + std::string(newline) : text;
  }
};

struct Place {
  std::size_t line = 0;
  const Hunk* hunk = nullptr;
};

Result<Place> locate(const Lines& lines, const Hunk& hunk, const std::string& path) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorKind::failed, fmt::format("{}: the old lines of this hunk {}:\n{}", path, why, hunk.text));
  };
  if (hunk.before.empty() && !lines.empty()) return refuse("are missing, so nobody knows where it belongs");
  const auto first = std::search(lines.begin(), lines.end(), hunk.before.begin(), hunk.before.end());
  if (first == lines.end() && !hunk.before.empty()) return refuse("are not in the file");
  if (first != lines.end()) {
    const auto second = std::search(first + 1, lines.end(), hunk.before.begin(), hunk.before.end());
    if (second != lines.end()) return refuse("are in the file more than once");
  }
  return Place{static_cast<std::size_t>(first - lines.begin()), &hunk};
}

Result<std::string> applied(const DiffedFile& file, std::string_view old) {
  Text text(old);
  std::vector<Place> places;
  for (const Hunk& hunk : file.hunks) {
    OE_TRY(const Place place, locate(text.lines, hunk, file.after));
    places.push_back(place);
  }
  std::ranges::sort(places, {}, &Place::line);
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i - 1].line + places[i - 1].hunk->before.size() <= places[i].line) continue;
    return fail(ErrorKind::failed,
                fmt::format("{}: this hunk overlaps another one:\n{}", file.after, places[i].hunk->text));
  }
  for (auto place = places.rbegin(); place != places.rend();
       ++place) {  // from the end, so that lines keep their places
    const auto begin = text.lines.begin() + static_cast<std::ptrdiff_t>(place->line);
    const auto end = begin + static_cast<std::ptrdiff_t>(place->hunk->before.size());
    text.lines.insert(text.lines.erase(begin, end), place->hunk->after.begin(), place->hunk->after.end());
  }
  return text.joined();
}

Result<git::FileChange> change_of(const DiffedFile& file, const ReadText& read) {
  if (file.after.empty()) return fail(ErrorKind::failed, "a diff may not delete " + file.before);
  if (!file.before.empty() && file.before != file.after) {
    return fail(ErrorKind::failed, fmt::format("a diff may not rename {} to {}", file.before, file.after));
  }
  OE_TRY(const auto old, read(file.after));
  if (old && file.before.empty()) return fail(ErrorKind::failed, file.after + " is there already");
  if (!old && !file.before.empty()) return fail(ErrorKind::failed, "there is no file " + file.after);
  OE_TRY(std::string text, applied(file, old.value_or("")));
  return git::FileChange{file.after, std::move(text)};
}

}  // namespace

Result<std::vector<git::FileChange>> apply_diff(std::string_view diff, const ReadText& read) {
  OE_TRY(const std::vector<DiffedFile> files, parse(diff));
  std::vector<git::FileChange> changes;
  for (const DiffedFile& file : files) {
    OE_TRY(git::FileChange change, change_of(file, read));
    const auto is_same = [&](const git::FileChange& other) { return other.path == change.path; };
    if (std::any_of(changes.begin(), changes.end(), is_same)) {
      return fail(ErrorKind::failed, change.path + " stands in the diff twice");
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace oe::evolve
