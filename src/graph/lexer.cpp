#include "graph/lexer.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace oe::graph {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_part(char c) {
  return is_name_start(c) || is_digit(c);
}

Error syntax_error(std::size_t offset, std::string message, std::string hint) {
  return Error(ErrorKind::input, std::move(message), std::move(hint))
      .at({.line = 1, .column = static_cast<std::uint32_t>(offset + 1)});
}

namespace {

// Longer symbols first, so that "<=" is never read as "<".
constexpr std::array<std::string_view, 11> kSymbols = {"||", "&&", "==", "!=", ">=", "<=", ">", "<", "(", ")", "!"};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      OE_TRY(Token token, next());
      tokens.push_back(token);
    }
    tokens.push_back({Token::Kind::end, {}, text_.size()});
    return tokens;
  }

 private:
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\n", at_), text_.size()); }

  char peek(std::size_t ahead) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  Result<Token> next() {
    const char c = peek(0);
    if (c == '"' || c == '\'') return quoted(c);
    if (c == '$') return path();
    if (is_digit(c) || (c == '-' && is_digit(peek(1)))) {
      return take(Token::Kind::number, [](char d) { return is_digit(d) || d == '.'; });
    }
    if (is_name_start(c)) return take(Token::Kind::name, is_name_part);
    return symbol();
  }

  // The first byte and all that follow it as long as they belong.
  template <class Belongs>
  Token take(Token::Kind kind, Belongs belongs) {
    const std::size_t start = at_++;
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    return {kind, text_.substr(start, at_ - start), start};
  }

  Result<Token> quoted(char quote) {
    const std::size_t start = at_;
    const std::size_t end = text_.find(quote, start + 1);
    if (end == std::string_view::npos) return fail(syntax_error(start, "the string is not closed"));
    at_ = end + 1;
    return Token{Token::Kind::string, text_.substr(start + 1, end - start - 1), start};
  }

  Result<Token> path() {
    const Token token = take(Token::Kind::path, [](char c) { return is_name_part(c) || c == '.'; });
    const std::string_view root = token.text.substr(0, token.text.find('.'));
    if (root != "$" && root != "$item" && root != "$index") {
      return fail(syntax_error(token.offset, fmt::format("unknown variable '{}'", root),
                               root.size() > 1 ? fmt::format("a state field is written '$.{}'", root.substr(1)) : ""));
    }
    if (token.text == "$") return fail(syntax_error(token.offset, "unexpected character '$'", "write '$.field'"));
    if (token.text.ends_with('.') || token.text.find("..") != std::string_view::npos) {
      return fail(syntax_error(token.offset, fmt::format("the path '{}' has an empty name", token.text)));
    }
    return token;
  }

  Result<Token> symbol() {
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view symbol : kSymbols) {
      if (!rest.starts_with(symbol)) continue;
      at_ += symbol.size();
      return Token{Token::Kind::symbol, rest.substr(0, symbol.size()), at_ - symbol.size()};
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
