#include "graph/path_text.hpp"

#include <algorithm>
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
bool is_identifier(std::string_view text) {
  return !text.empty() && is_name_start(text.front()) && std::ranges::all_of(text, is_name_part);
}

void add_once(std::vector<std::string>& list, const std::string& name) {
  if (std::ranges::find(list, name) == list.end()) list.push_back(name);
}

Error syntax_error(std::size_t offset, std::string message, std::string hint) {
  return Error(ErrorKind::input, std::move(message), std::move(hint))
      .at({.line = 1, .column = static_cast<std::uint32_t>(offset + 1)});
}

namespace {

class PathReader {
 public:
  PathReader(std::string_view text, std::size_t begin) : text_(text), begin_(begin), at_(begin) {}

  Result<PathText> run() {
    OE_CHECK(root());
    while (peek() == '.' || peek() == '[') OE_CHECK(peek() == '.' ? member() : bracket());
    return PathText{std::move(names_), at_};
  }

 private:
  Result<void> root() {
    const bool dollar = peek() == '$';
    at_ += dollar ? 1 : 0;
    const bool is_name = is_name_start(peek());
    const std::string name(is_name ? take_name() : "");
    if (is_name) {
      names_.push_back("$" + name);
      return {};
    }
    if (peek() == '.' || peek() == '[') return {};
    return fail(syntax_error(begin_, "unexpected character '$'", "write '$.field'"));
  }

  Result<void> member() {
    ++at_;
    const std::string_view name = take_name();
    if (name.empty()) {
      return fail(syntax_error(begin_, fmt::format("the path '{}' has an empty name", text_.substr(begin_, at_ - begin_))));
    }
    names_.emplace_back(name);
    return {};
  }

  Result<void> bracket() {
    const std::size_t opening = at_++;
    const char quote = peek();
    if (quote == '"' || quote == '\'') {
      OE_CHECK(quoted(quote));
    } else {
      const std::string_view position = take_name();
      if (position.empty() || !std::ranges::all_of(position, is_digit)) return fail(bad_bracket(opening));
      names_.emplace_back(position);
    }
    if (peek() != ']') return fail(bad_bracket(opening));
    ++at_;
    return {};
  }

  Result<void> quoted(char quote) {
    const std::size_t start = ++at_;
    const std::size_t end = text_.find(quote, start);
    if (end == std::string_view::npos) return fail(syntax_error(start - 1, "the string is not closed"));
    names_.emplace_back(text_.substr(start, end - start));
    at_ = end + 1;
    // At the root of a path a dollar makes a variable.
    if (names_.size() > 1 || !names_.front().starts_with('$')) return {};
    return fail(syntax_error(start, "the name of a state field cannot begin with '$' here"));
  }

  static Error bad_bracket(std::size_t opening) {
    return syntax_error(opening, "expected a position or a key in quotes, and ']', behind '['",
                        "write '[0]' or '[\"key\"]'");
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  std::string_view take_name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_part(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  std::vector<std::string> names_;
};

}  // namespace

Result<PathText> read_path(std::string_view text, std::size_t begin) {
  return PathReader(text, begin).run();
}

}  // namespace oe::graph
