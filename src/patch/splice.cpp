#include "patch/splice.hpp"

#include <algorithm>

#include "patch/read.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostCellsOfFile = std::size_t{1} << 22;

bool clash(const Edit& a, const Edit& b) {
  if (a.begin == b.begin && (a.begin == a.end) == (b.begin == b.end)) return true;
  return b.begin < a.end && b.end > a.begin;
}

// A line that replaces another one ends as that did, an inserted one as the line above.
std::string_view eol_for(const FileText& file, const Edit& edit, std::size_t i) {
  if (file.size() == 0) return "\n";
  std::size_t like = edit.begin + i < edit.end ? edit.begin + i : edit.end;
  if (like == edit.end && like > 0) --like;
  const std::string_view eol = file.eol(std::min(like, file.size() - 1));
  return eol.empty() ? file.usual_eol() : eol;
}

void drop_newline(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

void copy_lines(const FileText& file, std::size_t begin, std::size_t end, std::string& out) {
  if (begin >= end) return;
  const char* from = file.line(begin).data();
  const std::string_view last = file.line(end - 1);
  const std::string_view eol = file.eol(end - 1);
  out.append(from, static_cast<std::size_t>(last.data() + last.size() + eol.size() - from));
  if (eol.empty()) out += file.usual_eol();  // a last line without one may get a line below
}

}  // namespace

std::optional<std::string> spliced(const FileText& file, std::vector<Edit> edits) {
  std::ranges::stable_sort(
      edits, [](const Edit& a, const Edit& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  edits.erase(std::unique(edits.begin(), edits.end()), edits.end());
  for (std::size_t i = 1; i < edits.size(); ++i) {
    if (clash(edits[i - 1], edits[i])) return std::nullopt;
  }
  std::string out;
  out.reserve(file.text().size() + 256);
  std::size_t next = 0;
  bool has_newline = file.has_newline_at_end();
  for (const Edit& edit : edits) {
    copy_lines(file, next, edit.begin, out);
    for (std::size_t i = 0; i < edit.lines.size(); ++i) {
      out += edit.lines[i];
      out += eol_for(file, edit, i);
    }
    next = edit.end;
    if (edit.newline_at_end) has_newline = *edit.newline_at_end;
  }
  copy_lines(file, next, file.size(), out);
  if (!has_newline) drop_newline(out);
  return out;
}

std::vector<Edit> edits_to(const FileText& file, std::string_view text, double& churn) {
  std::vector<Line> old;
  for (std::size_t i = 0; i < file.size(); ++i) old.push_back({rstrip(file.line(i)), {}});
  std::vector<Line> now;
  const std::vector<Line> given = lines_of(text);
  for (const Line& line : given) now.push_back({rstrip(line.text), {}});
  const Hunk hunk = hunk_between(old, now, kMostCellsOfFile);
  std::vector<Edit> edits;
  std::size_t at = 0;
  std::size_t from = 0;
  std::size_t gone = 0;
  bool is_open = false;
  for (const HunkLine& line : hunk.lines) {
    const bool is_kept = line.mark == Mark::context || line.mark == Mark::gap;
    if (!is_kept && !is_open) edits.push_back({at, at, {}, {}});
    is_open = !is_kept;
    if (line.mark != Mark::plus) ++at;
    if (line.mark == Mark::minus) edits.back().end = at;
    if (line.mark == Mark::minus) ++gone;
    if (line.mark == Mark::plus) edits.back().lines.emplace_back(given[from].text);
    if (line.mark != Mark::minus) ++from;
  }
  churn = file.size() == 0 ? 0 : static_cast<double>(gone) / static_cast<double>(file.size());
  return edits;
}

}  // namespace oe::patch
