#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/surgeon/base.hpp"

namespace oe::surgeon {

struct Line {
  char sign = ' ';  ///< '-', '+', ' '; 0: the text stands as it is
  std::string text;
  bool cut = false;  ///< "\ No newline at end of file" comes after it
};

struct Hunk {
  std::size_t at = 0;  ///< its first line in the file, from 0
  std::size_t old_start = 0, old_count = 0, new_start = 0, new_count = 0;
  std::string name;    ///< after the second @@
  std::string header;  ///< in place of the one from the numbers
  std::vector<Line> lines;
};

struct FileDraft {
  std::string old_path, new_path;
  std::string before_header;  ///< "diff --git" and the like, with line ends
  bool header = true;
  bool header_each = false;  ///< before every hunk
  std::string header_eol = "\n", body_eol = "\n";
  std::vector<Hunk> hunks;
};

/// A diff before it is text.
using Draft = std::vector<FileDraft>;

/// The right diff of one file with so many lines of context; hunks that touch are one unless `apart`.
FileDraft draft_of(const Text& before, const std::vector<Edit>& edits, std::size_t context, bool apart = false);
FileDraft draft_of_new(const Text& file);
/// The numbers of the header from the lines.
void count(Hunk& hunk);
std::string render(const Draft& draft);
/// How often the old side of a hunk stands in the file, byte for byte; `first` is where it does so first.
std::size_t places(const Text& text, const Hunk& hunk, std::size_t* first = nullptr);

}  // namespace oe::surgeon
