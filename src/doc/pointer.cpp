#include "doc/pointer.hpp"

#include <charconv>

#include "oe/base/text.hpp"
#include "oe/doc/document.hpp"

namespace oe::doc {

namespace {

std::optional<std::string> unescaped_token(std::string_view token) {
  std::string plain;
  for (std::size_t at = 0; at < token.size(); ++at) {
    if (token[at] != '~') {
      plain += token[at];
      continue;
    }
    if (++at == token.size() || (token[at] != '0' && token[at] != '1')) return std::nullopt;
    plain += token[at] == '0' ? '~' : '/';
  }
  return plain;
}

}  // namespace

std::optional<std::vector<std::string>> pointer_tokens(std::string_view pointer) {
  std::vector<std::string> tokens;
  if (pointer.empty()) return tokens;
  if (pointer.front() != '/') return std::nullopt;
  for (const std::string& escaped : split(pointer.substr(1), '/')) {
    auto token = unescaped_token(escaped);
    if (!token) return std::nullopt;
    tokens.push_back(std::move(*token));
  }
  return tokens;
}

std::optional<std::size_t> as_index(std::string_view token) {
  if (token.empty() || (token.size() > 1 && token.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  const char* end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data(), end, index);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return index;
}

std::string pointer_token(std::string_view key) {
  std::string token;
  for (const char byte : key) {
    if (byte == '~') {
      token += "~0";
    } else if (byte == '/') {
      token += "~1";
    } else {
      token += byte;
    }
  }
  return token;
}

}  // namespace oe::doc
