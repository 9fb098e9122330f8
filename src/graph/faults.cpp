#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "graph/path_types.hpp"
#include "graph/term.hpp"

namespace oe::graph {

namespace {

using Term = Expression::Term;
using Kind = Term::Kind;

// Finds the types that each term may have, from the leaves up, and on the way what cannot be.
class FaultFinder {
 public:
  FaultFinder(std::string_view text, const Term& root, const Scope& scope) : text_(text), root_(root), scope_(scope) {}

  std::vector<Fault> run() {
    types(root_);
    std::ranges::stable_sort(faults_, {}, &Fault::begin);
    return std::move(faults_);
  }

 private:
  Types types(const Term& term) {
    switch (term.kind) {
      case Kind::literal:
        return types_of(term.literal);
      case Kind::path:
        return path(term);
      case Kind::call:
        return call(term);
      case Kind::minus:
        return minus(term);
      case Kind::arithmetic:
        return arithmetic(term);
      case Kind::comparison:
        comparison(term);
        return kBoolean;
      case Kind::membership:
        membership(term, term.terms[0], term.terms[1]);
        return kBoolean;
      case Kind::negation:
      case Kind::all:
      case Kind::any:
        for (const Term& part : term.terms) types(part);
        return kBoolean;
    }
    return kAnything;
  }

  Types path(const Term& term) {
    PathTypes found = path_types(term.path, written(term), scope_);
    if (found.fault) add(found.severity, term, std::move(*found.fault), std::move(found.hint));
    return found.types;
  }

  Types call(const Term& term) {
    if (term.function == Function::contains) {
      membership(term, term.terms[1], term.terms[0]);
      return kBoolean;
    }
    const Types first = types(term.terms[0]);
    switch (term.function) {
      case Function::length:
        if (!fits(first, kString | kArray)) {
          add(Severity::warning, term.terms[0], fmt::format("{}: its length is always 0", is(term.terms[0], first)));
        }
        return kNumber;
      case Function::lower:
      case Function::upper:
        needs_string(term, first, 0);
        return kString;
      case Function::starts_with:
      case Function::ends_with:
        needs_string(term, types(term.terms[1]), 1);
        break;
      case Function::contains:
      case Function::matches:
        break;
    }
    needs_string(term, first, 0);
    return kBoolean;
  }

  void needs_string(const Term& term, Types found, std::size_t argument) {
    if (fits(found, kString)) return;
    const bool is_question = term.function != Function::lower && term.function != Function::upper;
    add(Severity::error, term.terms[argument],
        fmt::format("{}: '{}' takes strings and {} here", is(term.terms[argument], found), name_of(term),
                    is_question ? "is always false" : "is always unset"));
  }

  void membership(const Term& whole, const Term& element, const Term& container) {
    const Types what = types(element), where = types(container);
    if (!fits(where, kString | kArray | kObject)) {
      add(Severity::error, container, fmt::format("{} cannot hold: {}, which holds nothing", part(whole), is(container, where)));
    } else if (!fits(where, kArray) && !fits(what, kString)) {
      add(Severity::error, element,
          fmt::format("{} cannot hold: {} and {}, which holds only strings", part(whole), is(element, what),
                      is(container, where)));
    }
  }

  Types minus(const Term& term) {
    const Types operand = types(term.terms[0]);
    if (!fits(operand, kNumber)) unset(term.terms[0], operand, "'-' takes a number");
    return kNumber;
  }

  Types arithmetic(const Term& term) {
    Types sum = types(term.terms[0]);
    if (!fits(sum, taken_by(term.symbols[0]))) {
      unset(term.terms[0], sum, rule(term.symbols[0]));
      sum = kAnything;
    }
    for (std::size_t i = 1; i < term.terms.size(); ++i) sum = added(term, i, sum);
    return sum;
  }

  Types added(const Term& term, std::size_t at, Types left) {
    const char symbol = term.symbols[at - 1];
    const Types right = types(term.terms[at]);
    const Types both = left & right & taken_by(symbol);
    if (!fits(right, taken_by(symbol))) {
      unset(term.terms[at], right, rule(symbol));
    } else if (!both) {
      const Types found = without_null(left);
      unset(term.terms[at], right, fmt::format("'{}' cannot take it together with {}", symbol, described(found)));
    }
    return both ? both : kAnything;
  }

  static Types taken_by(char symbol) { return symbol == '+' ? kNumber | kString : kNumber; }
  static std::string rule(char symbol) {
    return fmt::format("'{}' takes {}", symbol, symbol == '+' ? "two numbers or two strings" : "numbers");
  }

  void comparison(const Term& term) {
    const Term& left = term.terms[0];
    const Term& right = term.terms[1];
    const Types a = types(left), b = types(right);
    const bool equality = term.relation == Relation::equal || term.relation == Relation::not_equal;
    if (equality ? is_never_equal(a, b) : is_no_number(left, a, b) || is_no_number(right, b, a)) {
      impossible(term, fmt::format("{} and {}", is(left, a), is(right, b)));
    } else if (equality) {
      check_containers(term, a, b);
      check_status(term, left, right);
      check_status(term, right, left);
    }
  }

  static bool is_never_equal(Types a, Types b) {
    if (a == kNull || b == kNull) return !(a & b);
    return !(without_null(a) & without_null(b));
  }

  // Section 2.2: against a number a text is read as one, and what does not read as one is neither less nor greater.
  static bool is_no_number(const Term& term, Types types, Types other) {
    if (without_null(other) & ~(kNumber | kBoolean)) return false;
    if (without_null(types) == kObject) return true;
    if (term.kind != Kind::literal || types != kString) return false;
    const Operand text{term.literal}, zero{Value::of(0)};
    return !related(text, Relation::less, zero) && !related(text, Relation::greater_equal, zero);
  }

  void check_containers(const Term& term, Types a, Types b) {
    constexpr Types kContainers = kArray | kObject;
    const bool containers = !(without_null(a) & ~kContainers) || !(without_null(b) & ~kContainers);
    const bool same = term.terms[0].kind == Kind::path && term.terms[0].path == term.terms[1].path;
    if (containers && !same && a != kNull && b != kNull) {
      impossible(term, "arrays and objects are equal only to themselves, not to another one with the same content");
    }
  }

  void check_status(const Term& term, const Term& status, const Term& word) {
    constexpr std::array<std::string_view, 6> kWords = {"succeeded", "failed",  "timed_out",
                                                        "cancelled", "skipped", "waiting"};
    const bool compared = status.kind == Kind::path && status.path.front() == "$nodes" && status.path.size() == 3 &&
                          status.path[2] == "status" && word.kind == Kind::literal;
    if (!compared || std::ranges::find(kWords, word.literal.string_or("")) != kWords.end()) return;
    add(Severity::error, word,
        fmt::format("{} {}: no status is {}", part(term), verb(term), written(word)),
        "a status is succeeded, failed, timed_out, cancelled or skipped");
  }

  void impossible(const Term& term, std::string_view reason) {
    add(Severity::warning, term.terms[1], fmt::format("{} {}: {}", part(term), verb(term), reason));
  }
  void unset(const Term& term, Types found, std::string_view rule_of_it) {
    add(Severity::error, term, fmt::format("{}: {}, so this is always unset", is(term, found), rule_of_it));
  }
  void add(Severity severity, const Term& term, std::string message, std::string hint = {}) {
    faults_.push_back({severity, term.begin, term.end, std::move(message), std::move(hint)});
  }

  static bool fits(Types found, Types wanted) { return (without_null(found) & wanted) != 0; }
  static std::string_view verb(const Term& term) {
    return term.relation == Relation::not_equal ? "always holds" : "cannot hold";
  }
  std::string_view part(const Term& term) const { return &term == &root_ ? "the condition" : "a part of the condition"; }
  std::string written(const Term& term) const { return ellipsis(text_.substr(term.begin, term.end - term.begin), 60); }
  std::string is(const Term& term, Types found) const {
    return fmt::format("{} is {}", written(term), described(found));
  }
  static std::string_view name_of(const Term& term) {
    const auto rows = function_table();
    return std::ranges::find(rows, term.function, &FunctionRow::function)->name;
  }

  std::string_view text_;
  const Term& root_;
  const Scope& scope_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<Fault> Expression::faults(const Scope& scope) const {
  return FaultFinder(text_, *root_, scope).run();
}

}  // namespace oe::graph
