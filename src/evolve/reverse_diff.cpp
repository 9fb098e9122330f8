#include "evolve/reverse_diff.hpp"

#include "oe/base/text.hpp"

namespace oe::evolve {

namespace {

/// The lines that come and go in one place; what goes is written first.
struct Block {
  std::string goes;
  std::string comes;
  std::string* last = nullptr;  ///< the side of the newest line, which "\ No newline" is about

  void add(const std::string& line) {
    last = line.front() == '+' ? &goes : &comes;
    *last += (line.front() == '+' ? "-" : "+") + line.substr(1) + "\n";
  }
  void end(std::string& text) {
    text += goes + comes;
    *this = {};
  }
};

// "@@ -1,2 +3,4 @@ more" -> "@@ -3,4 +1,2 @@ more"
std::string turned_header(const std::string& line) {
  const std::size_t plus = line.find(" +"), end = line.find(" @@", 2);
  if (plus == std::string::npos || end == std::string::npos || plus > end) return line;
  const std::string before = line.substr(4, plus - 4), after = line.substr(plus + 2, end - plus - 2);
  return "@@ -" + after + " +" + before + line.substr(end);
}

/// One file of a diff, while it is read.
class Turned {
 public:
  void read(const std::string& line) {
    if (line.starts_with("@@ ")) {
      block_.end(body_);
      body_ += turned_header(line) + "\n";
      is_in_hunk_ = true;
    } else if (is_in_hunk_) {
      read_hunk(line);
    } else if (line.starts_with("--- ")) {
      is_new_ = line == "--- /dev/null";
    } else if (line.starts_with("+++ b/")) {
      path_ = line.substr(6);
    }
  }
  ReversedFile take() {
    block_.end(body_);
    if (is_new_) return {path_, {}, std::move(bytes_)};
    return {path_, "--- a/" + path_ + "\n+++ b/" + path_ + "\n" + body_, {}};
  }
  bool has_path() const { return !path_.empty(); }

 private:
  void read_hunk(const std::string& line) {
    if (line.starts_with("\\")) return end_without_newline(line);
    if (line.starts_with("+")) bytes_ += line.substr(1) + "\n";
    if (line.starts_with("+") || line.starts_with("-")) return block_.add(line);
    block_.end(body_);
    body_ += line + "\n";
  }
  void end_without_newline(const std::string& line) {
    if (bytes_.ends_with('\n') && is_new_) bytes_.pop_back();
    (block_.last == nullptr ? body_ : *block_.last) += line + "\n";
  }

  std::string path_;
  std::string body_;
  std::string bytes_;
  Block block_;
  bool is_new_ = false;
  bool is_in_hunk_ = false;
};

}  // namespace

std::vector<ReversedFile> reverse_diff(std::string_view diff) {
  std::vector<ReversedFile> files;
  Turned file;
  const auto end_file = [&] {
    if (file.has_path()) files.push_back(file.take());
    file = {};
  };
  std::string_view text = diff;
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with("diff --git ")) end_file();
    file.read(line);
  }
  end_file();
  return files;
}

}  // namespace oe::evolve
