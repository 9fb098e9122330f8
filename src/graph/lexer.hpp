#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"

namespace oe::graph {

/// A piece of a predicate. `text` views into the predicate's own text: the content of a string without its
/// quotes, everything else as written.
struct Token {
  enum class Kind { number, string, name, path, symbol, end };
  Kind kind = Kind::end;
  std::string_view text;
  std::size_t offset = 0;  ///< byte where it starts, from 0
};

/// All tokens of a predicate, the last one of kind `end`. Errors: see syntax_error.
Result<std::vector<Token>> tokens_of(std::string_view text);

/// An input error at a byte of the predicate; location.column counts from 1.
Error syntax_error(std::size_t offset, std::string message, std::string hint = {});

bool is_name_start(char c);
bool is_digit(char c);
/// A letter, a digit or "_".
bool is_name_part(char c);

}  // namespace oe::graph
