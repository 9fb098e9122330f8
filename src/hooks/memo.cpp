#include "hooks/memo.hpp"

#include <cstdlib>
#include <cstring>

namespace oe::hooks {
namespace {

struct Line : MemoLine {
  std::size_t record = 0;  ///< position of its "w" line among those
  bool holds = false;
};

/// The lines of a memo, sorted by path, and which records hold. On the C heap: see IndexReader.
class Memo {
 public:
  explicit Memo(std::string_view text) { is_whole_ = read(text); }
  Memo(const Memo&) = delete;
  Memo& operator=(const Memo&) = delete;
  ~Memo() {
    std::free(lines_);
    std::free(broken_);
  }

  /// Gives the entries of an index in their order. False when it is a workflow that no record has.
  bool see(const IndexEntry& entry);
  /// Once all entries were seen: whether each workflow among them has a record that holds.
  Standing standing();

 private:
  bool read(std::string_view text);
  bool read_line(std::string_view line);
  bool match(Line& line, const IndexEntry& entry);

  Line* lines_ = nullptr;
  bool* broken_ = nullptr;  ///< a flag a record
  std::size_t count_ = 0;
  std::size_t records_ = 0;
  std::size_t at_ = 0;  ///< lines before it are behind the entries that were seen
  bool is_whole_ = false;
};

std::size_t count_lines(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += c == '\n';
  return count;
}

/// Cuts off and gives what stands before the next `end`; everything when there is none.
std::string_view cut(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view head{text.data(), at == std::string_view::npos ? text.size() : at};
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return head;
}

int by_path(const void* a, const void* b) {
  const int order = static_cast<const Line*>(a)->path.compare(static_cast<const Line*>(b)->path);
  return order < 0 ? -1 : order > 0;
}

std::uint32_t octal(std::string_view digits) {
  std::uint32_t number = 0;
  for (const char digit : digits) number = number * 8 + static_cast<std::uint32_t>(digit - '0');
  return number;
}

bool is_id(std::string_view hex, std::string_view raw) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (hex.size() != 2 * raw.size()) return false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto byte = static_cast<unsigned char>(raw.data()[i]);
    if (hex.data()[2 * i] != kDigits.data()[byte >> 4] || hex.data()[2 * i + 1] != kDigits.data()[byte & 15]) return false;
  }
  return true;
}

bool is_prefix(const Line& line) {
  return line.kind != 'w' && line.kind != '=' && line.path.back() == '/';
}

bool Memo::read(std::string_view text) {
  if (!text.starts_with(kMemoHeader) || text.size() > kMostMemoBytes || text.back() != '\n') return false;
  text.remove_prefix(kMemoHeader.size());
  const std::size_t most = count_lines(text);
  lines_ = static_cast<Line*>(std::calloc(most + 1, sizeof(Line)));
  broken_ = static_cast<bool*>(std::calloc(most + 1, sizeof(bool)));
  if (lines_ == nullptr || broken_ == nullptr) return false;
  while (!text.empty())
    if (!read_line(cut(text, '\n'))) return false;
  std::qsort(lines_, count_, sizeof(Line), by_path);
  return true;
}

bool Memo::read_line(std::string_view text) {
  Line& line = lines_[count_++];
  if (!read_memo_line(text, line)) return false;
  if (line.kind == 'w') ++records_;
  line.record = records_ - 1;
  line.holds = line.kind == '!';
  return records_ > 0;
}

// False when this line is of no account for the entry.
bool Memo::match(Line& line, const IndexEntry& entry) {
  if (is_prefix(line) ? !entry.path.starts_with(line.path) : entry.path != line.path) return false;
  if (line.kind == '!')
    line.holds = false;
  else if (line.kind == '/')
    line.holds = true;
  else
    line.holds = entry.stage == 0 && entry.mode == line.mode && is_id(line.id, entry.id);
  return true;
}

bool Memo::see(const IndexEntry& entry) {
  const bool wanted = is_workflow_name(entry.path);
  if (!is_whole_) return !wanted;
  while (at_ < count_ && lines_[at_].path.compare(entry.path) < 0) {
    match(lines_[at_], entry);  // of a directory that this is the first entry of
    ++at_;
  }
  bool is_known = !wanted;
  for (std::size_t i = at_; i < count_ && lines_[i].path == entry.path; ++i) {
    match(lines_[i], entry);
    is_known = is_known || (lines_[i].kind == 'w' && lines_[i].holds);
  }
  return is_known;
}

Standing Memo::standing() {
  Standing standing{.known = true};
  if (!is_whole_) return standing;
  for (std::size_t i = 0; i < count_; ++i)
    if (!lines_[i].holds) broken_[lines_[i].record] = true;
  // Of the records of one path any that holds will do; equal paths stand together.
  for (std::size_t i = 0; i < count_;) {
    bool is_there = false;
    bool holds = false;
    const std::string_view path = lines_[i].path;
    for (; i < count_ && lines_[i].path == path; ++i) {
      const Line& line = lines_[i];
      if (line.kind != 'w' || !line.holds) continue;
      is_there = true;
      if (broken_[line.record]) continue;
      holds = true;
      standing.on_commit = standing.on_commit || line.on.find('c') != std::string_view::npos;
      standing.on_merge = standing.on_merge || line.on.find('m') != std::string_view::npos;
    }
    if (is_there && !holds) standing.known = false;
  }
  return standing;
}

}  // namespace

bool read_memo_line(std::string_view rest, MemoLine& line) {
  const std::string_view kind = cut(rest, ' ');
  if (kind.size() != 1) return false;
  line.kind = kind.front();
  if (line.kind == 'w') line.on = cut(rest, ' ');
  if (line.kind == 'w' || line.kind == '=') {
    line.mode = octal(cut(rest, ' '));
    line.id = cut(rest, ' ');
  } else if (line.kind != '/' && line.kind != '!') {
    return false;
  }
  line.path = rest;
  return !rest.empty() && (line.kind != '/' || rest.back() == '/');
}

bool runs_on_commits(std::string_view memo) {
  return memo.find("\nw c") != std::string_view::npos || memo.find("\nw mc") != std::string_view::npos;
}

bool is_workflow_name(std::string_view path) {
  constexpr std::string_view kName = "experience.yaml";
  if (!path.ends_with(kName)) return false;
  if (path.size() == kName.size()) return true;
  const char before = path.data()[path.size() - kName.size() - 1];
  return before == '/' || before == '.';
}

Standing standing_of(IndexReader& index, std::string_view text) {
  Memo memo(text);
  IndexEntry entry;
  while (index.next(entry)) {
    if (entry.intent_to_add) continue;
    if (!memo.see(entry)) return {};
  }
  return index.ok() ? memo.standing() : Standing{};
}

}  // namespace oe::hooks
