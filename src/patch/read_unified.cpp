#include <algorithm>
#include <charconv>

#include "oe/base/text.hpp"

#include "patch/read.hpp"

namespace oe::patch {

namespace {

// A path with blanks ends at a tab, as git writes it; blanks at the end of another are a model's.
std::string header_path(std::string_view text) {
  const std::size_t tab = text.find('\t');
  text = tab == std::string_view::npos ? trim(text) : text.substr(0, tab);
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

std::optional<std::size_t> number_at(std::string_view& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// "-12,5" or "-12", after the sign.
std::optional<std::size_t> count_at(std::string_view& text, char sign) {
  text = text.substr(std::min(text.find_first_not_of(' '), text.size()));
  if (!text.starts_with(sign)) return std::nullopt;
  text.remove_prefix(1);
  if (!number_at(text)) return std::nullopt;
  if (!text.starts_with(',')) return 1;
  text.remove_prefix(1);
  return number_at(text);
}

std::optional<Counts> counts_at(std::string_view& text) {
  std::string_view rest = text;
  const auto before = count_at(rest, '-');
  const auto after = before ? count_at(rest, '+') : std::nullopt;
  if (!after) return std::nullopt;
  text = rest;
  return Counts{*before, *after};
}

bool says_nothing(std::string_view name) {
  return name.empty() || is_trivial(name) || name.starts_with('-') || name == "\xE2\x80\xA6";
}

Hunk hunk_for(std::string_view header) {
  Hunk hunk;
  hunk.needs_counts = true;
  std::string_view rest = header.substr(2);
  hunk.counts = counts_at(rest);
  rest = trim(rest);
  while (rest.starts_with('@')) rest.remove_prefix(1);
  if (const std::size_t end = rest.find("@@"); end != std::string_view::npos) {
    const std::string_view inner = trim(rest.substr(0, end));
    const std::string_view outer = trim(rest.substr(end + 2));
    rest = outer.empty() ? inner : outer;
  }
  rest = trim(rest);
  if (!says_nothing(rest)) hunk.names.push_back(rest);
  return hunk;
}

bool is_sentence(std::string_view text) {
  const std::string_view line = trim(text);
  const bool is_ended = !line.empty() && std::string_view(".!?:)").find(line.back()) != std::string_view::npos;
  return is_ended && line.front() >= 'A' && line.front() <= 'Z' && std::ranges::count(line, ' ') >= 2;
}

class UnifiedReader {
 public:
  explicit UnifiedReader(const Region& region) : region_(region), lines_(region.lines) {}

  Read read() {
    for (; at_ < lines_.size() && !refused_; ++at_) take(lines_[at_].text);
    if (refused_) return tl::unexpected(*refused_);
    close_hunk();
    return std::move(files_);
  }

 private:
  std::string_view next(std::size_t by) const {
    return at_ + by < lines_.size() ? lines_[at_ + by].text : std::string_view();
  }

  bool starts_pair() const {
    if (!lines_[at_].text.starts_with("--- ") || !next(1).starts_with("+++ ")) return false;
    if (next(2).starts_with("@@") || !in_hunk_) return true;
    if (wants_more()) return false;
    const std::string path = header_path(next(1).substr(4));
    return path.find(' ') == std::string::npos;
  }

  // The header of the hunk promises more lines than there are.
  bool wants_more() const {
    if (!in_hunk_ || !hunk().counts) return false;
    return own_.before < hunk().counts->before || own_.after < hunk().counts->after;
  }

  void count(Mark mark, bool is_one_less) {
    const std::size_t step = is_one_less ? static_cast<std::size_t>(-1) : 1;
    if (mark == Mark::context || mark == Mark::minus) own_.before += step;
    if (mark == Mark::context || mark == Mark::plus) own_.after += step;
  }

  void take(std::string_view text) {
    if (starts_pair()) {
      start_file(header_path(text.substr(4)), header_path(next(1).substr(4)));
      ++at_;
    } else if (text.starts_with("@@")) {
      start_hunk(text);
    } else if (!in_hunk_ || text.starts_with("diff --git ")) {
      take_outside(text);
    } else if (!ends_body(text)) {
      take_body(text);
    }
  }

  void start_file(std::string before, std::string after) {
    close_hunk();
    const bool is_same = !files_.empty() && files_.back().before == before && files_.back().after == after;
    const bool is_named = !files_.empty() && files_.back().hunks.empty() && from_git_;
    from_git_ = false;
    if (is_same) return;
    if (is_named) files_.pop_back();
    FileChange file;
    file.is_new = before == "/dev/null" || (is_named && says_new_);
    if (after == "/dev/null") refuse("a diff may not delete " + before);
    file.before = std::move(before);
    file.after = std::move(after);
    files_.push_back(std::move(file));
    says_new_ = false;
  }

  void start_hunk(std::string_view header) {
    close_hunk();
    if (files_.empty()) files_.emplace_back();
    files_.back().hunks.push_back(hunk_for(header));
    in_hunk_ = true;
    own_ = {};
  }

  void close_hunk() {
    if (!in_hunk_) return;
    in_hunk_ = false;
    std::vector<HunkLine>& lines = hunk().lines;
    // Empty lines at the end are the end of the text unless the header counts them.
    while (!lines.empty() && lines.back().raw.empty() && hunk().counts != own_) {
      count(lines.back().mark, true);
      lines.pop_back();
    }
    if (lines.empty()) files_.back().hunks.pop_back();
  }

  void refuse(std::string why) { refused_ = refusal(Reason::not_text, std::move(why)); }

  void take_outside(std::string_view text) {
    if (text.starts_with("diff --git ")) {
      close_hunk();
      const std::vector<std::string> words = split(trim(text.substr(11)), ' ');
      if (words.size() < 2) return;
      start_file(words.front(), words.back());
      from_git_ = true;
    } else if (text.starts_with("old mode ")) {
      old_mode_ = trim(text.substr(9));
    } else if (text.starts_with("new mode ")) {
      if (trim(text.substr(9)) != old_mode_) refuse("a diff may not change the mode of a file");
    } else if (text.starts_with("new file mode ")) {
      says_new_ = true;
      if (!trim(text.substr(14)).starts_with("100")) refuse("a diff may not make links or submodules");
    } else if (text.starts_with("+++ ") || (text.starts_with("--- ") && next(1).starts_with("@@"))) {
      const std::string path = header_path(text.substr(4));
      start_file(path, path);
    } else {
      take_rest(text);
    }
  }

  void take_rest(std::string_view text) {
    for (const std::string_view word :
         {"deleted file mode ", "rename from ", "rename to ", "copy from ", "GIT binary patch", "Binary files "}) {
      if (text.starts_with(word)) return refuse("a diff may not delete, rename, copy or change what is no text");
    }
    if (text.starts_with("index ") && trim(text).ends_with(" 160000")) return refuse("a diff may not move a submodule");
    if (text.starts_with("index ") && trim(text).ends_with(" 120000")) return refuse("a diff may not change a link");
    const bool is_open = region_.is_fenced || (!files_.empty() && files_.back().hunks.empty());
    const bool is_first = files_.empty() || files_.back().hunks.empty();
    const bool is_body = text.starts_with('+') || text.starts_with('-') || text.starts_with(' ');
    if (is_open && is_first && is_body) {  // a body without "@@"
      start_hunk("@@");
      take_body(text);
    }
  }

  // Prose below a bare diff, or the signature of a mail.
  bool ends_body(std::string_view text) {
    const bool is_signature = (text == "-- " || text == "--") && at_ + 4 > lines_.size();
    if (is_signature || (!region_.is_fenced && is_prose(text))) {
      close_hunk();
      return true;
    }
    return false;
  }

  bool is_prose(std::string_view text) const {
    const bool is_marked = text.empty() || std::string_view(" +-\\\t").find(text.front()) != std::string_view::npos;
    if (is_marked) return false;
    if (hunk().counts && !wants_more()) return true;
    const bool is_after_blank = at_ > 0 && trim(lines_[at_ - 1].text).empty();
    return !hunk().counts && is_after_blank && is_sentence(text);
  }

  void take_body(std::string_view text) {
    if (text.starts_with("\\")) {
      if (!hunk().lines.empty()) hunk().lines.back().ends_file = true;
      return;
    }
    HunkLine line = body_line(text);
    if (line.mark == Mark::context && is_elision(line.text)) line.mark = Mark::gap;
    hunk().has_cr |= lines_[at_].eol.size() == 2;
    count(line.mark, false);
    hunk().lines.push_back(line);
  }

  Hunk& hunk() { return files_.back().hunks.back(); }
  const Hunk& hunk() const { return files_.back().hunks.back(); }

  const Region& region_;
  const std::vector<Line>& lines_;
  std::size_t at_ = 0;
  Reading files_;
  std::optional<Refusal> refused_;
  std::string_view old_mode_;
  Counts own_;  ///< of the hunk that is being read
  bool in_hunk_ = false;
  bool from_git_ = false;  ///< the paths of the last file are those of its "diff --git" line
  bool says_new_ = false;
};

}  // namespace

Read read_unified(const Region& region) {
  return UnifiedReader(region).read();
}

}  // namespace oe::patch
