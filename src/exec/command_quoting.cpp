#include "exec/command_quoting.hpp"

#include <utility>

namespace oe::exec {
namespace {

/// Reads a shell line byte by byte and knows which quotes are open, also inside "$(...)".
class QuoteReader {
 public:
  Quoting quoting() const {
    switch (open_.empty() ? '(' : open_.back()) {
      case '"':
        return Quoting::doubled;
      case '\'':
        return Quoting::single;
      default:
        return Quoting::none;
    }
  }

  void read(char c) {
    const char before = std::exchange(before_, c);
    if (comment_) {
      comment_ = c != '\n';
    } else if (escaped_) {
      escaped_ = false;
    } else if (quoting() == Quoting::single) {
      if (c == '\'') open_.pop_back();
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      quoting() == Quoting::doubled ? open_.pop_back() : open_.push_back(c);
    } else if (c == '(' && (before == '$' || quoting() == Quoting::none)) {
      open_.push_back(c);
    } else if (quoting() == Quoting::none) {
      read_plain(c, before);
    }
  }

 private:
  void read_plain(char c, char before) {
    if (c == '\'') open_.push_back(c);
    if (c == ')' && !open_.empty()) open_.pop_back();
    comment_ = c == '#' && (before == ' ' || before == '\t' || before == '\n' || before == ';');
  }

  std::vector<char> open_;  ///< of " ' and (, the innermost last
  char before_ = '\n';
  bool escaped_ = false;
  bool comment_ = false;
};

}  // namespace

std::vector<Quoting> quoting_at(std::string_view shell_line, std::span<const std::size_t> offsets) {
  std::vector<Quoting> found;
  QuoteReader reader;
  std::size_t at = 0;
  for (const std::size_t offset : offsets) {
    for (; at < offset; ++at) reader.read(shell_line[at]);
    found.push_back(reader.quoting());
  }
  return found;
}

}  // namespace oe::exec
