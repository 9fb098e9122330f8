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

std::size_t end_of_number(std::string_view line, std::size_t at) {
  while (at < line.size() && is_digit(line[at])) ++at;
  return at;
}

// "signal 11 (SIGSEGV)" -> "signal 11".
void drop_signal_name(std::string& line) {
  constexpr std::string_view word = "signal ", name = " (SIG";
  for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const std::size_t end = end_of_number(line, at + word.size()), close = line.find(')', end);
    if (line.compare(end, name.size(), name) == 0 && close != std::string::npos) line.erase(end, close + 1 - end);
  }
}

// "exit status 139" -> "signal 11": what a shell or a sandbox makes of a child that a signal has ended.
void statuses_to_signals(std::string& line) {
  constexpr std::string_view word = "exit status ";
  for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
    const std::size_t start = at + word.size(), end = end_of_number(line, start);
    const int status = end - start == 3 ? std::stoi(line.substr(start, 3)) : 0;
    if (status > 128 && status <= 128 + 64) line.replace(at, end - at, "signal " + std::to_string(status - 128));
  }
}

}  // namespace

std::string error_signature(std::string_view error) {
  std::string line = without_folders(error.substr(0, error.find('\n')));
  drop_signal_name(line);
  statuses_to_signals(line);
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
