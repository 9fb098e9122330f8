#include <fmt/core.h>

#include "bench/surgeon/work.hpp"

namespace oe::surgeon {
namespace {

std::string stripped(const std::string& path) {
  return path.rfind("b/", 0) == 0 ? path.substr(2) : path;
}

std::string v4a(const Work& work) {
  std::string text = "*** Begin Patch\n";
  for (const FileDraft& file : work.draft) {
    text += "*** Update File: " + stripped(file.new_path) + file.header_eol;
    for (const Hunk& hunk : file.hunks) {
      text += (hunk.name.empty() ? "@@" : "@@ " + hunk.name) + file.header_eol;
      for (const Line& line : hunk.lines) {
        if (line.sign != 0) text += line.sign;
        text += line.text + file.body_eol;
      }
    }
  }
  return text + "*** End Patch\n";
}

std::string side(const Hunk& hunk, char without, const std::string& eol) {
  std::string text;
  for (const Line& line : hunk.lines)
    if (line.sign != without) text += line.text + eol;
  return text;
}

std::string search_replace(const Work& work) {
  std::string text;
  for (const FileDraft& file : work.draft)
    for (const Hunk& hunk : file.hunks) {
      if (file.header) text += stripped(file.new_path) + "\n";
      text += "<<<<<<< SEARCH\n" + side(hunk, '+', file.body_eol);
      text += "=======\n" + side(hunk, '-', file.body_eol) + ">>>>>>> REPLACE\n\n";
    }
  return text;
}

std::string whole(const Work& work, Random& random) {
  std::string text;
  for (const Change& change : work.changes) {
    Text after = edited(change.before, change.edits);
    if (work.has(Kind::lf_patch)) after.eol = "\n";
    if (work.has(Kind::crlf_patch)) after.eol = "\r\n";
    const std::string bytes = after.bytes();
    const std::string fence = bytes.find("```") == std::string::npos ? "```" : "````";
    text += random.percent(50) ? fmt::format("Here is the complete updated `{}`:\n\n", change.before.path)
                               : fmt::format("**{}**\n\n", change.before.path);
    text += fence + "\n" + bytes + (bytes.back() == '\n' ? "" : "\n") + fence + "\n";
  }
  return text;
}

}  // namespace

std::string render_form(const Work& work, Random& random) {
  if (work.has(Kind::v4a)) return v4a(work);
  if (work.has(Kind::search_replace)) return search_replace(work);
  if (work.has(Kind::whole)) return whole(work, random);
  return render(work.draft);
}

}  // namespace oe::surgeon
