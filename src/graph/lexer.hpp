#pragma once

#include <string_view>
#include <vector>

#include "oe/base/result.hpp"

namespace oe::graph {

/// A piece of an expression. `text` views into the expression's own text: the content of a string without its quotes,
/// everything else as written.
struct Token {
  enum class Kind { number, string, name, path, symbol, end };
  Kind kind = Kind::end;
  std::string_view text;
  std::size_t offset = 0;  ///< bytes where it starts and ends, from 0
  std::size_t end = 0;
  std::vector<std::string> path;  ///< of a path
};

/// All tokens of an expression, the last one of kind `end`. Errors: see syntax_error.
Result<std::vector<Token>> tokens_of(std::string_view text);

}  // namespace oe::graph
