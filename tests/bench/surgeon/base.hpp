#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/surgeon/random.hpp"

namespace oe::surgeon {

enum class Language { yaml, json, jsonl, js, markdown };

/// A file as its lines, without their ends.
struct Text {
  std::string path;
  Language language = Language::yaml;
  std::vector<std::string> lines;
  std::string eol = "\n";
  bool final_newline = true;
  std::string bytes() const;
};

/// A node, function, section or entry: lines from `begin`, below `end`.
struct Block {
  std::string name;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A file that was made up, and where it can be edited.
struct Base {
  Text text;
  std::vector<Block> blocks;
  std::vector<std::size_t> scalars;  ///< lines whose last number is a value
  std::vector<std::size_t> gaps;     ///< lines before which one more line may stand
};

/// Lines are taken out from `at` (counted in the file as it was), others stand there in their place.
struct Edit {
  std::size_t at = 0;
  std::size_t remove = 0;
  std::vector<std::string> insert;
};
Text edited(const Text& text, const std::vector<Edit>& edits);

Base make_base(Language language, Random& random);
/// A block, or a line of a block, of the same sort as those of the file, and in none of them.
std::vector<std::string> new_block(const Base& base, std::size_t place, Random& random);
std::string new_line(const Base& base, std::size_t gap, Random& random);
/// The line with another last number.
std::string tuned(const std::string& line, Random& random);

}  // namespace oe::surgeon
