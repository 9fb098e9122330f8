#include <array>
#include <charconv>
#include <fmt/core.h>
#include <utility>

#include "oe/base/text.hpp"

#include "graph/lexer.hpp"
#include "graph/term.hpp"

namespace oe::graph {

namespace {

constexpr std::size_t kMaxLength = 4096;
constexpr int kMaxDepth = 64;

using Term = Expression::Term;

constexpr std::array<std::pair<std::string_view, Relation>, 6> kRelations = {{
    {"==", Relation::equal},
    {"!=", Relation::not_equal},
    {">=", Relation::greater_equal},
    {"<=", Relation::less_equal},
    {">", Relation::greater},
    {"<", Relation::less},
}};

// "$.a.b" is {a, b}; "$item.x" is {$item, x}.
std::vector<std::string> segments(std::string_view path) {
  return split(path.starts_with("$.") ? path.substr(2) : path, '.');
}

// Recursive descent over the grammar of section 2.2, plus `!`, `null`, $item and $index:
//   or := and ('||' and)*    and := comparison ('&&' comparison)*    comparison := unary [relation unary]
//   unary := '!' unary | atom
class PredicateParser {
 public:
  explicit PredicateParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<Term> whole() {
    OE_TRY(Term term, any());
    if (now().kind == Token::Kind::end) return term;
    const bool relation = relation_here() != nullptr;
    return fail(syntax_error(now().offset, fmt::format("unexpected {} behind a complete expression", described(now())),
                             relation ? "comparisons do not chain; join them with '&&'" : ""));
  }

 private:
  Result<Term> any() { return joined("||", Term::Kind::any, &PredicateParser::all); }
  Result<Term> all() { return joined("&&", Term::Kind::all, &PredicateParser::comparison); }

  Result<Term> joined(std::string_view symbol, Term::Kind kind, Result<Term> (PredicateParser::*part)()) {
    OE_TRY(Term first, (this->*part)());
    if (!is_symbol(symbol)) return first;
    Term term{.kind = kind};
    term.terms.push_back(std::move(first));
    while (accept(symbol)) {
      OE_TRY(Term next, (this->*part)());
      term.terms.push_back(std::move(next));
    }
    return term;
  }

  Result<Term> comparison() {
    OE_TRY(Term left, unary());
    const Relation* relation = relation_here();
    if (!relation) return left;
    ++at_;
    OE_TRY(Term right, unary());
    Term term{.kind = Term::Kind::comparison, .relation = *relation};
    term.terms.push_back(std::move(left));
    term.terms.push_back(std::move(right));
    return term;
  }

  // Everything that nests passes here, so this is where depth is counted.
  Result<Term> unary() {
    if (depth_ == kMaxDepth) {
      return fail(syntax_error(now().offset, fmt::format("nested deeper than {} levels", kMaxDepth)));
    }
    ++depth_;
    Result<Term> term = accept("!") ? negation() : atom();
    --depth_;
    return term;
  }

  Result<Term> negation() {
    OE_TRY(Term operand, unary());
    return with_operand(Term::Kind::negation, std::move(operand));
  }

  Result<Term> atom() {
    const Token token = now();
    if (accept("(")) return parenthesised(token);
    if (token.kind == Token::Kind::end || token.kind == Token::Kind::symbol) {
      return fail(syntax_error(token.offset, fmt::format("a value is missing before {}", described(token))));
    }
    ++at_;
    switch (token.kind) {
      case Token::Kind::number:
        return number(token);
      case Token::Kind::string:
        return Term{.literal = Value::of(token.text)};
      case Token::Kind::path:
        return Term{.kind = Term::Kind::path, .path = segments(token.text)};
      default:
        return name(token);
    }
  }

  Result<Term> parenthesised(const Token& opening) {
    OE_TRY(Term inside, any());
    if (accept(")")) return inside;
    return fail(syntax_error(now().offset, fmt::format("expected ')' for the '(' at column {}, found {}",
                                                       opening.offset + 1, described(now()))));
  }

  // As parseFloat does, "1.2.3" is 1.2 (section 2.2).
  Result<Term> number(const Token& token) {
    double value = 0;
    const char* end = token.text.data() + token.text.size();
    if (std::from_chars(token.text.data(), end, value).ec != std::errc()) {
      return fail(syntax_error(token.offset, fmt::format("the number {} is out of range", ellipsis(token.text, 24))));
    }
    return Term{.literal = Value::of(value)};
  }

  Result<Term> name(const Token& token) {
    if (is_symbol("(")) return call(token);
    if (token.text == "true" || token.text == "false") return Term{.literal = Value::of(token.text == "true")};
    if (token.text == "null") return Term{};
    return fail(syntax_error(token.offset, fmt::format("unknown word '{}'", token.text),
                             fmt::format("a state field is written '$.{0}', a text '\"{0}\"'", token.text)));
  }

  Result<Term> call(const Token& function) {
    if (function.text != "length") {
      return fail(syntax_error(function.offset, fmt::format("unknown function '{}'", function.text),
                               "the only function is length(...)"));
    }
    const Token opening = now();
    ++at_;
    OE_TRY(Term operand, parenthesised(opening));
    return with_operand(Term::Kind::length, std::move(operand));
  }

  static Term with_operand(Term::Kind kind, Term operand) {
    Term term{.kind = kind};
    term.terms.push_back(std::move(operand));
    return term;
  }

  const Token& now() const { return tokens_[at_]; }
  bool is_symbol(std::string_view symbol) const { return now().kind == Token::Kind::symbol && now().text == symbol; }
  bool accept(std::string_view symbol) {
    const bool here = is_symbol(symbol);
    at_ += here ? 1 : 0;
    return here;
  }
  const Relation* relation_here() const {
    for (const auto& [symbol, relation] : kRelations) {
      if (is_symbol(symbol)) return &relation;
    }
    return nullptr;
  }
  static std::string described(const Token& token) {
    return token.kind == Token::Kind::end ? "the end" : fmt::format("'{}'", ellipsis(token.text, 40));
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Expression::Term> parse_term(std::string_view text) {
  if (text.size() > kMaxLength) {
    return fail(syntax_error(kMaxLength, fmt::format("the expression is longer than {} bytes", kMaxLength)));
  }
  OE_TRY(std::vector<Token> tokens, tokens_of(text));
  if (tokens.size() == 1) return fail(syntax_error(0, "the expression is empty"));
  return PredicateParser(std::move(tokens)).whole();
}

}  // namespace oe::graph
