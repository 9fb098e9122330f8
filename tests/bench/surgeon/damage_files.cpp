#include <algorithm>
#include <fmt/core.h>

#include "bench/surgeon/work.hpp"

namespace oe::surgeon {
namespace {

std::string odd(const std::string& path, bool& prefixed, Random& random) {
  prefixed = random.percent(50);
  switch (random.below(5)) {
    case 0:
      return "my-repo/" + path;
    case 1:
      prefixed = false;
      return "/home/dev/my-repo/" + path;
    case 2:
      return "./" + path;
    case 3:
      return path.substr(0, path.find('/') + 1) + path;
    default:
      break;
  }
  std::string windows = path;
  std::replace(windows.begin(), windows.end(), '/', '\\');
  return windows;
}

std::string short_one(const std::string& path, Random& random) {
  if (random.percent(60)) return path.substr(path.rfind('/') + 1);
  std::string upper = path;
  const std::size_t at = path.rfind('/') + 1;
  if (upper[at] >= 'a' && upper[at] <= 'z') upper[at] = static_cast<char>(upper[at] - 'a' + 'A');
  return upper;
}

void set_paths(FileDraft& file, const std::string& path, bool prefixed) {
  file.before_header.clear();
  if (file.old_path != "/dev/null") file.old_path = (prefixed ? "a/" : "") + path;
  file.new_path = (prefixed ? "b/" : "") + path;
}

bool rename(Work& work, Kind kind, Random& random) {
  for (std::size_t i = 0; i < work.draft.size(); ++i) {
    const std::string& path = work.changes[i].before.path;
    bool prefixed = random.percent(50);
    if (work.changes[i].created && kind != Kind::no_prefix) return false;  // nothing in the tree completes it
    const std::string now = kind == Kind::no_prefix  ? path
                            : kind == Kind::odd_path ? odd(path, prefixed, random)
                                                     : short_one(path, random);
    set_paths(work.draft[i], now, kind != Kind::no_prefix && prefixed);
  }
  return true;
}

// A line of its own that changes nothing else.
std::string filler(const Text& text, Random& random) {
  const std::size_t number = random.below(1000);
  switch (text.language) {
    case Language::yaml:
      return fmt::format("# seen {} times", number);
    case Language::js:
      return fmt::format("// seen {} times", number);
    case Language::markdown:
      return fmt::format("Seen {} times.", number);
    case Language::jsonl:
      return fmt::format("{{\"case\": \"later_{}\", \"expected\": {}}}", number, number);
    case Language::json:
      break;
  }
  return "";
}

// The file has moved on: lines have come in outside the hunks.
bool age(Change& change, FileDraft& file, Random& random) {
  Text& text = change.before;
  for (std::size_t count = random.between(1, 6), tries = 0; count > 0 && tries < 60; ++tries) {
    const std::size_t at = random.below(text.lines.size());
    const bool touches = std::any_of(file.hunks.begin(), file.hunks.end(),
                                     [&](const Hunk& hunk) { return at >= hunk.at && at <= hunk.at + hunk.old_count; });
    if (touches) continue;
    text.lines.insert(text.lines.begin() + static_cast<long>(at), filler(text, random));
    for (Hunk& hunk : file.hunks) hunk.at += hunk.at >= at;
    for (Edit& edit : change.edits) edit.at += edit.at >= at;
    --count;
  }
  return true;
}

bool make_stale(Work& work, Random& random) {
  for (std::size_t i = 0; i < work.draft.size(); ++i) {
    if (work.changes[i].created || places(work.changes[i].before, work.draft[i].hunks[0]) != 1) return false;
    age(work.changes[i], work.draft[i], random);
  }
  return true;
}

bool merge_sites(FileDraft& file) {
  if (file.hunks.size() < 2) return false;
  Hunk& first = file.hunks[0];
  for (std::size_t i = 1; i < file.hunks.size(); ++i)
    first.lines.insert(first.lines.end(), file.hunks[i].lines.begin(), file.hunks[i].lines.end());
  file.hunks.resize(1);
  count(first);
  return true;
}

bool reorder(FileDraft& file) {
  if (file.hunks.size() < 2) return false;
  std::reverse(file.hunks.begin(), file.hunks.end());
  return true;
}

void add_index(FileDraft& file, const std::string& path, Random& random) {
  file.before_header = fmt::format("diff --git a/{0} b/{0}\nindex {1:07x}..{2:07x} 100644\n", path,
                                   random.below(0xfffffff), random.below(0xfffffff));
}

}  // namespace

bool damage_files(Work& work, Kind kind, Random& random) {
  FileDraft& file = work.draft[0];
  switch (kind) {
    case Kind::no_prefix:
    case Kind::odd_path:
    case Kind::short_path:
      return rename(work, kind, random);
    case Kind::stale:
      return make_stale(work, random);
    case Kind::no_header:
      file.header = false;
      file.before_header.clear();
      return work.draft.size() == 1 && !work.changes[0].created;
    case Kind::bogus_index:
      if (work.changes[0].created) return false;
      add_index(file, work.changes[0].before.path, random);
      return true;
    case Kind::new_no_devnull:
      file.old_path = "a/" + work.changes[0].before.path;
      return true;
    case Kind::overlapping:
      return file.hunks.size() > 1;
    case Kind::duplicated:
      file.hunks.push_back(Hunk(file.hunks[0]));
      return true;
    case Kind::unordered:
      return reorder(file);
    case Kind::repeated_header:
      file.header_each = true;
      return file.hunks.size() > 1;
    case Kind::two_sites:
      return merge_sites(file);
    case Kind::crlf_patch:
      for (FileDraft& each : work.draft) each.header_eol = each.body_eol = "\r\n";
      return true;
    case Kind::lf_patch:
      for (FileDraft& each : work.draft) each.body_eol = "\n";
      return !work.changes[0].created;
    default:
      return true;
  }
}

}  // namespace oe::surgeon
