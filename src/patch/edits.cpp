#include <algorithm>

#include "patch/locate.hpp"

namespace oe::patch {

namespace {

struct Run {
  std::size_t begin = 0;  ///< lines of the hunk
  std::size_t end = 0;
};

bool changes(const HunkLine& line) {
  return line.mark == Mark::plus || line.mark == Mark::minus;
}

std::vector<Run> runs_of(const Hunk& hunk) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < hunk.lines.size(); ++i) {
    if (!changes(hunk.lines[i])) continue;
    if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
    runs.back().end = i + 1;
  }
  return runs;
}

// After the line above, or else before the line below.
std::size_t insertion_at(const Alignment& at, const Run& run) {
  if (run.begin > 0 && at[run.begin - 1] != kNowhere) return at[run.begin - 1] + 1;
  if (run.end < at.size() && at[run.end] != kNowhere) return at[run.end];
  return kNowhere;
}

// What the hunk says about the newline at the end of the file, when what it says of the old state is true.
std::optional<bool> newline_after(const Hunk& hunk, const Run& run, const FileText& file) {
  bool old_marked = false;
  bool new_marked = false;
  bool has_old = false;
  bool has_new = false;
  for (std::size_t i = run.begin; i < run.end; ++i) {
    const bool is_old = hunk.lines[i].mark == Mark::minus;
    (is_old ? has_old : has_new) = true;
    if (hunk.lines[i].ends_file) (is_old ? old_marked : new_marked) = true;
  }
  const bool is_said = has_old && has_new && old_marked != new_marked && old_marked != file.has_newline_at_end();
  return is_said ? std::optional(!new_marked) : std::nullopt;
}

bool gather(const Hunk& hunk, const Placement& place, const Run& run, Edit& edit, std::vector<std::string_view>& old,
            std::vector<std::string_view>& now) {
  edit.begin = kNowhere;
  for (std::size_t i = run.begin; i < run.end; ++i) {
    if (hunk.lines[i].mark == Mark::plus) {
      now.push_back(hunk.lines[i].text);
      continue;
    }
    if (place.at[i] == kNowhere || (edit.begin != kNowhere && place.at[i] != edit.end)) return false;
    if (edit.begin == kNowhere) edit.begin = place.at[i];
    edit.end = place.at[i] + 1;
    old.push_back(hunk.lines[i].text);
  }
  if (edit.begin == kNowhere) edit.begin = edit.end = insertion_at(place.at, run);
  return edit.begin != kNowhere;
}

// Lines that the model repeats unchanged stay the file's own.
void trim_equal(Edit& edit, std::vector<std::string_view>& old, std::vector<std::string_view>& now) {
  while (!old.empty() && !now.empty() && old.back() == now.back()) {
    old.pop_back();
    now.pop_back();
    --edit.end;
  }
  std::size_t same = 0;
  while (same < old.size() && same < now.size() && old[same] == now[same]) ++same;
  edit.begin += same;
  old.erase(old.begin(), old.begin() + static_cast<std::ptrdiff_t>(same));
  now.erase(now.begin(), now.begin() + static_cast<std::ptrdiff_t>(same));
}

}  // namespace

std::optional<std::vector<Edit>> edits_at(const Hunk& hunk, const FileText& file, const Placement& place,
                                          const Fit& fit) {
  std::vector<Edit> edits;
  for (const Run& run : runs_of(hunk)) {
    Edit edit;
    std::vector<std::string_view> old;
    std::vector<std::string_view> now;
    if (!gather(hunk, place, run, edit, old, now)) return std::nullopt;
    if (edit.end == file.size()) edit.newline_at_end = newline_after(hunk, run, file);
    if (!edit.newline_at_end) trim_equal(edit, old, now);
    for (const std::string_view line : now) {
      auto text = fitted(fit, line);
      if (!text) return std::nullopt;
      edit.lines.push_back(std::move(*text));
    }
    if (edit.begin != edit.end || !edit.lines.empty()) edits.push_back(std::move(edit));
  }
  return edits;
}

}  // namespace oe::patch
