#pragma once

#include <string>
#include <vector>

#include "oe/base/value.hpp"
#include "oe/graph/expression.hpp"

#include "graph/javascript.hpp"

namespace oe::graph {

/// One term of a parsed predicate; which members count depends on `kind`.
struct Expression::Term {
  enum class Kind { literal, path, length, negation, comparison, all, any };

  Kind kind = Kind::literal;
  Value literal;                  ///< of a literal
  std::vector<std::string> path;  ///< of a path
  Relation relation = Relation::equal;
  std::vector<Term> terms;  ///< operands, in the order of the text
};

/// The tree of a predicate. Errors: kind input with the 1-based byte in location.column.
Result<Expression::Term> parse_term(std::string_view text);

}  // namespace oe::graph
