#include "oe/graph/expression.hpp"

#include <algorithm>

#include "graph/term.hpp"

namespace oe::graph {

namespace {

Operand evaluate(const Expression::Term& term, const Lookup& lookup) {
  using Kind = Expression::Term::Kind;
  const auto holds = [&](const Expression::Term& part) { return truthy(evaluate(part, lookup)); };
  const auto boolean = [](bool flag) { return Operand{Value::of(flag)}; };
  switch (term.kind) {
    case Kind::literal:
      return {term.literal};
    case Kind::path:
      return {resolve_path(term.path, lookup), &term.path};
    case Kind::length:
      return {Value::of(length_of(evaluate(term.terms[0], lookup)))};
    case Kind::negation:
      return boolean(!holds(term.terms[0]));
    case Kind::comparison:
      return boolean(related(evaluate(term.terms[0], lookup), term.relation, evaluate(term.terms[1], lookup)));
    case Kind::all:
      return boolean(std::ranges::all_of(term.terms, holds));
    case Kind::any:
      return boolean(std::ranges::any_of(term.terms, holds));
  }
  return {};
}

void collect_fields(const Expression::Term& term, std::vector<std::string>& fields) {
  if (term.kind == Expression::Term::Kind::path && !term.path.front().starts_with('$') &&
      std::ranges::find(fields, term.path.front()) == fields.end()) {
    fields.push_back(term.path.front());
  }
  for (const Expression::Term& part : term.terms) collect_fields(part, fields);
}

}  // namespace

Result<Expression> Expression::parse(std::string_view text) {
  OE_TRY(Term root, parse_term(text));
  return Expression(std::make_shared<const Term>(std::move(root)));
}

bool Expression::holds(const Lookup& lookup) const {
  return truthy(evaluate(*root_, lookup));
}

std::vector<std::string> Expression::fields() const {
  std::vector<std::string> fields;
  collect_fields(*root_, fields);
  return fields;
}

}  // namespace oe::graph
