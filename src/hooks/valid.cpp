#include "oe/hooks/valid.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "oe/base/text.hpp"
#include "oe/hooks/install.hpp"
#include "oe/sys/file.hpp"

#include "hooks/memo.hpp"
#include "hooks/notes.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostOfOnePath = 4;
constexpr std::string_view kRunHeader = "oe run 1\n";

fs::path memo_file(const git::Place& place) {
  return notes_directory(place) / "valid";
}

std::string text_of(const Looked& looked) {
  std::string text = looked.workflow + "\n";
  for (const std::string& line : looked.lines) text += line + "\n";
  return text;
}

std::string path_of(const std::string& text) {
  MemoLine line;
  return read_memo_line(text, line) ? std::string(line.path) : std::string();
}

bool is_one_line(const Looked& looked) {
  return std::ranges::none_of(looked.lines, [](const std::string& line) { return line.find('\n') != std::string::npos; });
}

bool holds(const Looked& looked, const StagedTree& tree) {
  return tree.holds(looked.workflow) &&
         std::ranges::all_of(looked.lines, [&](const std::string& line) { return tree.holds(line); });
}

/// The lines behind a header, with what each record begins with ("w" or "r").
std::vector<std::string> lines_behind(const fs::path& file, std::string_view header) {
  const auto text = sys::read_file(file, kMostMemoBytes);
  if (!text || !text->starts_with(header) || !text->ends_with('\n')) return {};
  return split(std::string_view(*text).substr(header.size(), text->size() - header.size() - 1), '\n');
}

}  // namespace

std::vector<Looked> read_valid(const git::Place& place) {
  std::vector<Looked> all;
  for (const std::string& line : lines_behind(memo_file(place), kMemoHeader)) {
    if (line.starts_with("w "))
      all.push_back({line, {}});
    else if (!all.empty())
      all.back().lines.push_back(line);
  }
  return all;
}

const Looked* find_valid(const std::vector<Looked>& valid, const StagedTree& tree, const std::string& path) {
  const auto found = std::ranges::find_if(
      valid, [&](const Looked& looked) { return path_of(looked.workflow) == path && holds(looked, tree); });
  return found == valid.end() ? nullptr : &*found;
}

Result<void> write_valid(const git::Place& place, std::vector<Looked> now, const std::vector<Looked>& before) {
  for (const Looked& looked : before)
    if (std::ranges::find(now, looked) == now.end()) now.push_back(looked);
  std::string text(kMemoHeader);
  std::map<std::string, std::size_t> counts;
  for (const Looked& looked : now) {
    const std::string record = text_of(looked);
    const bool fits = text.size() + record.size() <= kMostMemoBytes;
    if (fits && is_one_line(looked) && ++counts[path_of(looked.workflow)] <= kMostOfOnePath) text += record;
  }
  OE_CHECK(sys::make_directories(notes_directory(place)));
  OE_CHECK(sys::write_file(memo_file(place), text));
  return runs_on_commits(text) ? call_in(place, std::array{std::string_view("post-commit")}) : Result<void>();
}

Result<void> leave_runs(const git::Place& place, const std::vector<RunNote>& notes) {
  std::error_code ignored;
  if (notes.empty()) return fs::remove(run_note(place), ignored), Result<void>();
  std::string text(kRunHeader);
  for (const RunNote& note : notes) text += "r " + note.run + "\n" + text_of(note.of);
  OE_CHECK(sys::make_directories(run_note(place).parent_path()));
  OE_CHECK(sys::write_file(run_note(place), text));
  return call_in(place, kOnCall);
}

std::vector<std::string> noted_runs(const git::Place& place, const StagedTree& tree) {
  std::vector<std::string> runs;
  bool is_true = false;
  for (const std::string& line : lines_behind(run_note(place), kRunHeader)) {
    if (line.starts_with("r ")) {
      if (!runs.empty() && !is_true) runs.pop_back();
      runs.push_back(line.substr(2));
      is_true = true;
    } else {
      is_true = is_true && tree.holds(line);
    }
  }
  if (!runs.empty() && !is_true) runs.pop_back();
  return runs;
}

}  // namespace oe::hooks
