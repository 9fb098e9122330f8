#include "evolve/signature.hpp"

#include <cctype>

#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

// A quote opens only where no letter stands before it: the apostrophe of "can't" does not.
bool opens_quote(std::string_view line, std::size_t at) {
  const char c = line[at];
  return (c == '"' || c == '\'' || c == '`') && (at == 0 || !is_letter(line[at - 1]));
}

}  // namespace

std::string error_signature(std::string_view error) {
  const std::string line = without_folders(error.substr(0, error.find('\n')));
  std::string signature;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (opens_quote(line, at)) {
      const std::size_t end = line.find(line[at], at + 1);
      if (end != std::string::npos) {
        signature += "<text>";
        at = end;
        continue;
      }
    }
    if (!is_digit(line[at]))
      signature += line[at];
    else if (at == 0 || !is_digit(line[at - 1]))
      signature += '#';
  }
  return signature;
}

}  // namespace oe::evolve
