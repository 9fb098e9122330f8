#include "bench/surgeon/draft.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace oe::surgeon {
namespace {

void context_lines(Hunk& hunk, const Text& before, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i)
    hunk.lines.push_back({' ', before.lines[i], i + 1 == before.lines.size() && !before.final_newline});
}

// A group of edits with what stands between and around them.
Hunk hunk_of(const Text& before, const std::vector<Edit>& edits, std::size_t context) {
  Hunk hunk;
  const std::size_t size = before.lines.size();
  hunk.at = edits.front().at - std::min(edits.front().at, context);
  std::size_t next = hunk.at;
  for (const Edit& edit : edits) {
    context_lines(hunk, before, next, edit.at);
    next = edit.at + edit.remove;
    const bool last = next == size && !before.final_newline;
    for (std::size_t i = edit.at; i < next; ++i) hunk.lines.push_back({'-', before.lines[i], last && i + 1 == next});
    for (std::size_t i = 0; i < edit.insert.size(); ++i)
      hunk.lines.push_back({'+', edit.insert[i], last && i + 1 == edit.insert.size()});
  }
  context_lines(hunk, before, next, std::min(size, next + context));
  return hunk;
}

// At the end of a file without a last newline the last line changes, too.
std::vector<Edit> whole_lines(const Text& before, std::vector<Edit> edits) {
  for (Edit& edit : edits)
    if (!before.final_newline && edit.remove == 0 && edit.at == before.lines.size()) {
      edit.at -= 1, edit.remove = 1;
      edit.insert.insert(edit.insert.begin(), before.lines.back());
    }
  return edits;
}

std::string header_of(const Hunk& hunk) {
  if (!hunk.header.empty()) return hunk.header;
  std::string text = fmt::format("@@ -{},{} +{},{} @@", hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count);
  return hunk.name.empty() ? text : text + " " + hunk.name;
}

void render_hunk(std::string& text, const Hunk& hunk, const FileDraft& file) {
  text += header_of(hunk) + file.header_eol;
  for (const Line& line : hunk.lines) {
    if (line.sign != 0) text += line.sign;
    text += line.text + (line.cut ? file.header_eol : file.body_eol);
    if (line.cut) text += "\\ No newline at end of file" + file.header_eol;
  }
}

}  // namespace

void count(Hunk& hunk) {
  hunk.old_count = hunk.new_count = 0;
  for (const Line& line : hunk.lines) {
    hunk.old_count += line.sign != '+';
    hunk.new_count += line.sign != '-';
  }
}

FileDraft draft_of(const Text& before, const std::vector<Edit>& raw, std::size_t context, bool apart) {
  FileDraft file{"a/" + before.path, "b/" + before.path, {}, true, false, "\n", before.eol, {}};
  const std::vector<Edit> edits = whole_lines(before, raw);
  std::size_t shift = 0;
  for (std::size_t i = 0; i < edits.size();) {
    std::vector<Edit> group = {edits[i++]};
    while (!apart && i < edits.size() && edits[i].at <= group.back().at + group.back().remove + 2 * context)
      group.push_back(edits[i++]);
    Hunk hunk = hunk_of(before, group, context);
    count(hunk);
    hunk.old_start = hunk.at + (hunk.old_count > 0 ? 1 : 0);
    hunk.new_start = hunk.at + shift + (hunk.new_count > 0 ? 1 : 0);
    shift += hunk.new_count - hunk.old_count;
    file.hunks.push_back(std::move(hunk));
  }
  return file;
}

FileDraft draft_of_new(const Text& file) {
  Hunk hunk;
  for (const std::string& line : file.lines) hunk.lines.push_back({'+', line});
  hunk.lines.back().cut = !file.final_newline;
  count(hunk);
  hunk.new_start = 1;
  return {"/dev/null", "b/" + file.path, {}, true, false, "\n", file.eol, {hunk}};
}

std::string render(const Draft& draft) {
  std::string text;
  for (const FileDraft& file : draft) {
    text += file.before_header;
    bool headed = !file.header;
    for (const Hunk& hunk : file.hunks) {
      if (!headed || (file.header && file.header_each))
        text += "--- " + file.old_path + file.header_eol + "+++ " + file.new_path + file.header_eol;
      headed = true;
      render_hunk(text, hunk, file);
    }
  }
  return text;
}

std::size_t places(const Text& text, const Hunk& hunk, std::size_t* first) {
  std::vector<std::string> old;
  for (const Line& line : hunk.lines)
    if (line.sign != '+') old.push_back(line.text);
  std::size_t found = 0;
  for (auto at = text.lines.begin(); !old.empty(); ++at) {
    at = std::search(at, text.lines.end(), old.begin(), old.end());
    if (at == text.lines.end()) break;
    if (found++ == 0 && first) *first = static_cast<std::size_t>(at - text.lines.begin());
  }
  return found;
}

}  // namespace oe::surgeon
