#include "oe/base/text.hpp"

#include "patch/read.hpp"

namespace oe::patch {

namespace {

class V4aReader {
 public:
  explicit V4aReader(const Region& region) : region_(region) {}

  Read read() {
    for (const Line& line : region_.lines) {
      take(line);
      if (refused_) return tl::unexpected(*refused_);
    }
    if (has_begin_ && !has_end_) {
      return tl::unexpected(refusal(Reason::truncated, "the patch has no *** End Patch"));
    }
    for (FileChange& file : files_) {
      std::erase_if(file.hunks, [](const Hunk& hunk) { return !hunk.has(Mark::plus) && !hunk.has(Mark::minus); });
      for (Hunk& hunk : file.hunks) {
        while (hunk.lines.back().raw.empty()) hunk.lines.pop_back();
      }
    }
    return std::move(files_);
  }

 private:
  void take(const Line& line) {
    const std::string_view text = line.text;
    if (text.starts_with("*** ")) return take_marker(trim(text.substr(4)));
    if (files_.empty() || has_end_) return;
    if (text.starts_with("@@")) return take_name(trim(text.substr(2)));
    if (files_.back().hunks.empty()) files_.back().hunks.emplace_back();
    Hunk& hunk = files_.back().hunks.back();
    HunkLine body = body_line(text);
    if (body.mark == Mark::context && is_elision(body.text)) body.mark = Mark::gap;
    hunk.has_cr |= line.eol.size() == 2;
    hunk.lines.push_back(body);
  }

  void take_marker(std::string_view text) {
    if (text.starts_with("Begin Patch")) {
      has_begin_ = true;
    } else if (text.starts_with("End Patch")) {
      has_end_ = true;
    } else if (text.starts_with("Update File:")) {
      start_file(text.substr(12), false);
    } else if (text.starts_with("Add File:")) {
      start_file(text.substr(9), true);
    } else if (text.starts_with("End of File")) {
      if (!files_.empty() && !files_.back().hunks.empty()) files_.back().hunks.back().ends_file = true;
    } else if (text.starts_with("Delete File:") || text.starts_with("Move to:")) {
      refused_ = refusal(Reason::not_text, "a patch may not delete or move a file");
    }
  }

  void start_file(std::string_view path, bool is_new) {
    FileChange file;
    file.before = file.after = std::string(trim(path));
    file.is_new = is_new;
    files_.push_back(std::move(file));
  }

  void take_name(std::string_view name) {
    if (name.ends_with("@@")) name = trim(name.substr(0, name.size() - 2));
    std::vector<Hunk>& hunks = files_.back().hunks;
    if (hunks.empty() || !hunks.back().lines.empty()) hunks.emplace_back();
    if (!name.empty() && !is_trivial(name)) hunks.back().names.push_back(name);
  }

  const Region& region_;
  Reading files_;
  std::optional<Refusal> refused_;
  bool has_begin_ = false;
  bool has_end_ = false;
};

}  // namespace

Read read_v4a(const Region& region) {
  return V4aReader(region).read();
}

}  // namespace oe::patch
