#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oe/base/value.hpp"
#include "oe/graph/expression.hpp"

#include "graph/functions.hpp"
#include "graph/javascript.hpp"

namespace oe::graph {

/// One term of a parsed expression; which members count depends on `kind`.
struct Expression::Term {
  enum class Kind { literal, path, call, negation, minus, arithmetic, comparison, membership, all, any };

  Kind kind = Kind::literal;
  Value literal;                  ///< of a literal
  std::vector<std::string> path;  ///< of a path
  Relation relation = Relation::equal;
  Function function = Function::length;
  std::optional<Pattern> pattern;  ///< of a call of `matches`
  std::string symbols;             ///< of arithmetic: the one behind each operand but the last, taken from the left
  std::vector<Term> terms;         ///< operands, in the order of the text
  std::size_t begin = 0;           ///< bytes of the text
  std::size_t end = 0;
};

/// The tree of an expression. Errors: kind input with the 1-based byte in location.column.
Result<Expression::Term> parse_term(std::string_view text);

/// Calls `visit` with every path of the tree, in the order of the text.
template <class Visit>
void for_each_path(const Expression::Term& term, const Visit& visit) {
  if (term.kind == Expression::Term::Kind::path) visit(term.path);
  for (const Expression::Term& part : term.terms) for_each_path(part, visit);
}

}  // namespace oe::graph
