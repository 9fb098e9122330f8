#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/core.h>
#include <memory>
#include <utility>

#include "oe/base/text.hpp"

#include "graph/lexer.hpp"
#include "graph/path_text.hpp"
#include "graph/term.hpp"

namespace oe::graph {

namespace {

constexpr std::size_t kMaxLength = 4096;
constexpr int kMaxDepth = 64;

using Term = Expression::Term;
// A term is large and passes eight levels of the grammar on its way up.
using TermPtr = std::unique_ptr<Term>;

constexpr std::array<std::pair<std::string_view, Relation>, 6> kRelations = {{
    {"==", Relation::equal},
    {"!=", Relation::not_equal},
    {">=", Relation::greater_equal},
    {"<=", Relation::less_equal},
    {">", Relation::greater},
    {"<", Relation::less},
}};

std::string in_quotes(const Token& token) {
  return token.kind == Token::Kind::end ? "the end" : fmt::format("'{}'", ellipsis(token.text, 40));
}

// Recursive descent over the grammar of section 2.2 and our additions:
//   or := and ('||' and)*    and := comparison ('&&' comparison)*    comparison := sum [(relation | 'in') sum]
//   sum := product (('+'|'-') product)*    product := unary (('*'|'/'|'%') unary)*    unary := ('!'|'-') unary | atom
class ExpressionParser {
 public:
  explicit ExpressionParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<TermPtr> whole() {
    OE_TRY(TermPtr term, any());
    if (now().kind == Token::Kind::end) return term;
    return fail(syntax_error(now().offset, fmt::format("unexpected {} behind a complete expression", in_quotes(now()))));
  }

 private:
  Result<TermPtr> any() { return joined("||", Term::Kind::any, &ExpressionParser::all); }
  Result<TermPtr> all() { return joined("&&", Term::Kind::all, &ExpressionParser::comparison); }
  Result<TermPtr> sum() { return calculation("+-", &ExpressionParser::product); }
  Result<TermPtr> product() { return calculation("*/%", &ExpressionParser::unary); }

  using Part = Result<TermPtr> (ExpressionParser::*)();

  Result<TermPtr> joined(std::string_view symbol, Term::Kind kind, Part part) {
    OE_TRY(TermPtr first, (this->*part)());
    if (!is_symbol(symbol)) return first;
    TermPtr term = around(kind, std::move(first));
    while (accept(symbol)) {
      OE_TRY(TermPtr next, (this->*part)());
      add(*term, std::move(next));
    }
    return term;
  }

  // One flat term for operators of the same rank, so that a long sum nests no deeper than a short one.
  Result<TermPtr> calculation(std::string_view symbols, Part part) {
    OE_TRY(TermPtr first, (this->*part)());
    if (!is_one_of(symbols)) return first;
    TermPtr term = around(Term::Kind::arithmetic, std::move(first));
    while (is_one_of(symbols)) {
      term->symbols += tokens_[at_++].text.front();
      OE_TRY(TermPtr next, (this->*part)());
      add(*term, std::move(next));
    }
    return term;
  }

  Result<TermPtr> comparison() {
    OE_TRY(TermPtr left, sum());
    if (!is_comparison()) return left;
    const Relation* relation = relation_here();
    ++at_;
    TermPtr term = around(relation ? Term::Kind::comparison : Term::Kind::membership, std::move(left));
    if (relation) term->relation = *relation;
    OE_TRY(TermPtr right, sum());
    add(*term, std::move(right));
    if (!is_comparison()) return term;
    return fail(syntax_error(now().offset, fmt::format("unexpected {}: comparisons do not chain", in_quotes(now())),
                             "join them with '&&'"));
  }

  // Everything that nests passes here, so this is where depth is counted.
  Result<TermPtr> unary() {
    if (depth_ == kMaxDepth) {
      return fail(syntax_error(now().offset, fmt::format("nested deeper than {} levels", kMaxDepth)));
    }
    ++depth_;
    Result<TermPtr> term = is_symbol("!")   ? prefixed(Term::Kind::negation)
                        : is_symbol("-") ? prefixed(Term::Kind::minus)
                                         : atom();
    --depth_;
    return term;
  }

  Result<TermPtr> prefixed(Term::Kind kind) {
    const std::size_t begin = tokens_[at_++].offset;
    OE_TRY(TermPtr operand, unary());
    TermPtr term = around(kind, std::move(operand));
    term->begin = begin;
    const bool is_number = kind == Term::Kind::minus && term->terms[0].kind == Term::Kind::literal;
    const Operand number = is_number ? negative({term->terms[0].literal}) : Operand{};
    if (number.value) *term = {.literal = *number.value, .begin = begin, .end = term->end};
    return term;
  }

  Result<TermPtr> atom() {
    const Token token = now();
    if (token.kind == Token::Kind::end || (token.kind == Token::Kind::symbol && token.text != "(")) {
      return fail(syntax_error(token.offset, fmt::format("a value is missing before {}", in_quotes(token))));
    }
    ++at_;
    switch (token.kind) {
      case Token::Kind::symbol:
        return parenthesised(token);
      case Token::Kind::number:
        return number(token);
      case Token::Kind::string:
        return literal(token, Value::of(token.text));
      case Token::Kind::path:
        return path(token);
      default:
        return name(token);
    }
  }

  Result<TermPtr> parenthesised(const Token& opening) {
    OE_TRY(TermPtr inside, any());
    OE_CHECK(close(opening));
    inside->begin = opening.offset;
    inside->end = tokens_[at_ - 1].end;
    return inside;
  }

  Result<void> close(const Token& opening) {
    if (accept(")")) return {};
    return fail(syntax_error(now().offset, fmt::format("expected ')' for the '(' at column {}, found {}",
                                                       opening.offset + 1, in_quotes(now()))));
  }

  // As parseFloat does, "1.2.3" is 1.2 (section 2.2).
  Result<TermPtr> number(const Token& token) {
    double value = 0;
    const char* end = token.text.data() + token.text.size();
    if (std::from_chars(token.text.data(), end, value).ec != std::errc()) {
      return fail(syntax_error(token.offset, fmt::format("the number {} is out of range", ellipsis(token.text, 24))));
    }
    return literal(token, number_value(value));
  }

  Result<TermPtr> name(const Token& token) {
    if (is_symbol("(")) return call(token);
    if (token.text == "true" || token.text == "false") return literal(token, Value::of(token.text == "true"));
    if (token.text == "null") return literal(token, Value());
    if (token.text != "in") return path(token);
    return fail(syntax_error(token.offset, "a value is missing before 'in'"));
  }

  Result<TermPtr> path(const Token& token) {
    const bool too_short = token.path.front() == "$nodes" && token.path.size() == 1;
    if (!too_short) {
      return std::make_unique<Term>(
          Term{.kind = Term::Kind::path, .path = token.path, .begin = token.offset, .end = token.end});
    }
    return fail(syntax_error(token.offset, "the id of a node is missing", "write '$nodes.<id>.status' or '.output'"));
  }

  Result<TermPtr> call(const Token& name) {
    OE_TRY(const FunctionRow row, function(name));
    const Token opening = now();
    ++at_;
    auto term = std::make_unique<Term>(Term{.kind = Term::Kind::call, .function = row.function, .begin = name.offset});
    if (!is_symbol(")")) OE_CHECK(arguments(*term));
    OE_CHECK(close(opening));
    term->end = tokens_[at_ - 1].end;
    if (term->terms.size() != row.arity) return fail(wrong_count(row, *term));
    if (row.function == Function::matches) OE_CHECK(compile(*term));
    return term;
  }

  static Result<FunctionRow> function(const Token& name) {
    std::vector<std::string> names;
    for (const FunctionRow& row : function_table()) {
      if (row.name == name.text) return row;
      names.emplace_back(row.name);
    }
    const std::string near = did_you_mean(name.text, names);
    return fail(syntax_error(name.offset, fmt::format("unknown function '{}'", ellipsis(name.text, 40)),
                             near.empty() ? fmt::format("the functions are {}", join(names, ", ")) : near));
  }

  Result<void> arguments(Term& term) {
    do {
      OE_TRY(TermPtr argument, any());
      term.terms.push_back(std::move(*argument));
    } while (accept(","));
    return {};
  }

  static Error wrong_count(const FunctionRow& row, const Term& term) {
    return syntax_error(term.begin,
                        fmt::format("'{}' takes {} argument{}, found {}", row.name, row.arity, row.arity == 1 ? "" : "s",
                                    term.terms.size()),
                        fmt::format("write {}", row.usage));
  }

  static Result<void> compile(Term& term) {
    const Term& text = term.terms[1];
    if (text.kind != Term::Kind::literal || !text.literal.is_string()) {
      return fail(syntax_error(text.begin, "the pattern must be a text that stands here", "write it in quotes"));
    }
    Result<Pattern> pattern = Pattern::compile(text.literal.string_or(""));
    if (!pattern) return fail(syntax_error(text.begin, pattern.error().message(), pattern.error().hint()));
    term.pattern = std::move(*pattern);
    return {};
  }

  static TermPtr literal(const Token& token, Value value) {
    return std::make_unique<Term>(Term{.literal = std::move(value), .begin = token.offset, .end = token.end});
  }
  static TermPtr around(Term::Kind kind, TermPtr first) {
    auto term = std::make_unique<Term>(Term{.kind = kind, .begin = first->begin, .end = first->end});
    term->terms.push_back(std::move(*first));
    return term;
  }
  static void add(Term& term, TermPtr next) {
    term.end = next->end;
    term.terms.push_back(std::move(*next));
  }

  const Token& now() const { return tokens_[at_]; }
  bool is_symbol(std::string_view symbol) const { return now().kind == Token::Kind::symbol && now().text == symbol; }
  bool is_one_of(std::string_view symbols) const {
    return now().kind == Token::Kind::symbol && now().text.size() == 1 &&
           symbols.find(now().text.front()) != std::string_view::npos;
  }
  bool accept(std::string_view symbol) {
    const bool here = is_symbol(symbol);
    at_ += here ? 1 : 0;
    return here;
  }
  bool is_comparison() const {
    return relation_here() != nullptr || (now().kind == Token::Kind::name && now().text == "in");
  }
  const Relation* relation_here() const {
    for (const auto& [symbol, relation] : kRelations) {
      if (is_symbol(symbol)) return &relation;
    }
    return nullptr;
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
  OE_TRY(const TermPtr root, ExpressionParser(std::move(tokens)).whole());
  return std::move(*root);
}

}  // namespace oe::graph
