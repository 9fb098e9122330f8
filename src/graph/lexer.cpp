#include "graph/lexer.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "graph/path_text.hpp"

namespace oe::graph {

namespace {

// Longer symbols first, so that "<=" is never read as "<".
constexpr std::array<std::string_view, 17> kSymbols = {"||", "&&", "==", "!=", ">=", "<=", ">", "<", "(",
                                                       ")",  "!",  ",",  "+",  "-",  "*",  "/", "%"};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      OE_TRY(Token token, next());
      tokens.push_back(std::move(token));
    }
    tokens.push_back({Token::Kind::end, {}, text_.size(), text_.size(), {}});
    return tokens;
  }

 private:
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\n", at_), text_.size()); }

  Result<Token> next() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') return quoted(c);
    if (is_digit(c)) return take(Token::Kind::number, [](char d) { return is_digit(d) || d == '.'; });
    if (c == '$' || is_name_start(c)) return path();
    return symbol();
  }

  // The first byte and all that follow it as long as they belong.
  template <class Belongs>
  Token take(Token::Kind kind, Belongs belongs) {
    const std::size_t start = at_++;
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    return {kind, text_.substr(start, at_ - start), start, at_, {}};
  }

  Result<Token> quoted(char quote) {
    const std::size_t start = at_;
    const std::size_t end = text_.find(quote, start + 1);
    if (end == std::string_view::npos) return fail(syntax_error(start, "the string is not closed"));
    at_ = end + 1;
    return Token{Token::Kind::string, text_.substr(start + 1, end - start - 1), start, at_, {}};
  }

  // A name alone may be a word of the language or a function; the parser knows.
  Result<Token> path() {
    const std::size_t start = at_;
    OE_TRY(PathText path, read_path(text_, start));
    at_ = path.end;
    const std::string_view text = text_.substr(start, at_ - start);
    const bool is_name = is_identifier(text);
    return Token{is_name ? Token::Kind::name : Token::Kind::path, text, start, at_, std::move(path.names)};
  }

  Result<Token> symbol() {
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view symbol : kSymbols) {
      if (!rest.starts_with(symbol)) continue;
      at_ += symbol.size();
      return Token{Token::Kind::symbol, rest.substr(0, symbol.size()), at_ - symbol.size(), at_, {}};
    }
    return fail(unexpected(rest.front()));
  }

  Error unexpected(char c) const {
    const std::string hint = c == '=' || c == '&' || c == '|' ? fmt::format("did you mean '{0}{0}'?", c) : "";
    const auto byte = static_cast<unsigned char>(c);
    const bool printable = byte > 0x20 && byte < 0x7F;
    return syntax_error(
        at_, printable ? fmt::format("unexpected character '{}'", c) : fmt::format("unexpected byte 0x{:02X}", byte),
        hint);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view text) {
  return Lexer(text).run();
}

}  // namespace oe::graph
