#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oe::patch {

/// How alike two lines must be to count as one: all bytes, all but blanks at the end, or all but blanks anywhere and
/// typographic characters.
enum class Level { exact, rstrip, weak };

std::string_view rstrip(std::string_view text);
/// The blanks and tabs at the start.
std::string_view indent_of(std::string_view text);
/// What `Level::weak` compares: without blanks at both ends, one for each run inside, ASCII quotes and dashes.
std::string weak_form(std::string_view text);
std::uint64_t key_of(std::string_view text, Level level);
/// Nothing but punctuation: such a line says little about where it stands.
bool is_trivial(std::string_view text);
/// 1 for equal lines, 0 for lines without common start and end; of the weak forms.
double likeness(std::string_view a, std::string_view b);
/// A YAML or JSON member's key with its quotes, or what is assigned to; empty when there is none.
std::string_view key_in(std::string_view line);

/// Splits at "\n"; the "\r" of a line end is not part of a line.
struct Line {
  std::string_view text;
  std::string_view eol;  ///< "\n", "\r\n", or empty at the end of the text
};
std::vector<Line> lines_of(std::string_view text);

/// A file as lines and their hashes; the hashes of a level are made when first asked for. Not movable: views point in.
class FileText {
 public:
  FileText(std::string path, std::string text);
  FileText(const FileText&) = delete;
  FileText& operator=(const FileText&) = delete;

  const std::string& path() const { return path_; }
  const std::string& text() const { return text_; }
  std::size_t size() const { return lines_.size(); }
  std::string_view line(std::size_t i) const { return lines_[i].text; }
  std::string_view eol(std::size_t i) const { return lines_[i].eol; }
  std::string_view usual_eol() const;
  bool is_yaml() const;
  /// All its indentation is tabs (or blanks), and there is enough of it to tell.
  bool has_only_tabs() const;
  bool has_only_blanks() const;
  bool has_newline_at_end() const { return lines_.empty() || !lines_.back().eol.empty(); }
  const std::vector<std::uint64_t>& keys(Level level) const;
  /// Some line is like `text`.
  bool holds(std::string_view text, Level level) const;

 private:
  std::string path_;
  std::string text_;
  std::vector<Line> lines_;
  mutable std::array<std::vector<std::uint64_t>, 3> keys_;
  mutable std::array<std::vector<std::uint64_t>, 3> sorted_;
};

}  // namespace oe::patch
