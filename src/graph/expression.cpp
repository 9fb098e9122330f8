#include "oe/graph/expression.hpp"

#include <algorithm>

#include "graph/path_text.hpp"
#include "graph/term.hpp"

namespace oe::graph {

namespace {

using Term = Expression::Term;

Operand evaluate(const Term& term, const Lookup& lookup);

Operand called(const Term& term, const Lookup& lookup) {
  std::vector<Operand> arguments;
  for (const Term& part : term.terms) arguments.push_back(evaluate(part, lookup));
  if (!term.pattern) return call(term.function, arguments);
  const std::optional<Value>& text = arguments[0].value;
  return {Value::of(text && text->is_string() && term.pattern->found_in(text->string_or("")))};
}

Operand calculated(const Term& term, const Lookup& lookup) {
  Operand result = evaluate(term.terms[0], lookup);
  for (std::size_t i = 1; i < term.terms.size(); ++i) {
    result = calculated(result, term.symbols[i - 1], evaluate(term.terms[i], lookup));
  }
  return result;
}

Operand evaluate(const Term& term, const Lookup& lookup) {
  using Kind = Term::Kind;
  const auto holds = [&](const Term& part) { return truthy(evaluate(part, lookup)); };
  const auto boolean = [](bool flag) { return Operand{Value::of(flag)}; };
  switch (term.kind) {
    case Kind::literal:
      return {term.literal};
    case Kind::path:
      return {resolve_path(term.path, lookup), &term.path};
    case Kind::call:
      return called(term, lookup);
    case Kind::negation:
      return boolean(!holds(term.terms[0]));
    case Kind::minus:
      return negative(evaluate(term.terms[0], lookup));
    case Kind::arithmetic:
      return calculated(term, lookup);
    case Kind::comparison:
      return boolean(related(evaluate(term.terms[0], lookup), term.relation, evaluate(term.terms[1], lookup)));
    case Kind::membership:
      return boolean(is_in(evaluate(term.terms[0], lookup), evaluate(term.terms[1], lookup)));
    case Kind::all:
      return boolean(std::ranges::all_of(term.terms, holds));
    case Kind::any:
      return boolean(std::ranges::any_of(term.terms, holds));
  }
  return {};
}

}  // namespace

Result<Expression> Expression::parse(std::string_view text) {
  OE_TRY(Term root, parse_term(text));
  return Expression(std::string(text), std::make_shared<const Term>(std::move(root)));
}

bool Expression::holds(const Lookup& lookup) const {
  return truthy(evaluate(*root_, lookup));
}

std::optional<Value> Expression::value(const Lookup& lookup) const {
  return evaluate(*root_, lookup).value;
}

std::vector<std::string> Expression::fields() const {
  std::vector<std::string> fields;
  for_each_path(*root_, [&](const std::vector<std::string>& path) {
    if (!path.front().starts_with('$')) add_once(fields, path.front());
  });
  return fields;
}

std::vector<std::string> Expression::nodes() const {
  std::vector<std::string> nodes;
  for_each_path(*root_, [&](const std::vector<std::string>& path) {
    if (path.front() == "$nodes" && path.size() > 1) add_once(nodes, path[1]);
  });
  return nodes;
}

bool Expression::is_constant() const {
  bool constant = true;
  for_each_path(*root_, [&](const std::vector<std::string>&) { constant = false; });
  return constant;
}

}  // namespace oe::graph
