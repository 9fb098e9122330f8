#include "cli/io.hpp"

#include <cerrno>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace oe::cli {

namespace {

void write_line(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fputc('\n', stream);
}

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::red:
      return "\x1b[31m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::yellow:
      return "\x1b[33m";
    case Colour::dim:
      return "\x1b[2m";
    case Colour::bold:
      return "\x1b[1m";
    case Colour::none:
      break;
  }
  return "";
}

// Columns that a text takes: code points without the escape sequences of colours. Wide characters count as one.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  bool escape = false;
  for (const char c : text) {
    if (c == '\x1b')
      escape = true;
    else if (escape)
      escape = c != 'm';
    else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80)
      ++width;
  }
  return width;
}

}  // namespace

Io Io::standard() {
  return Io(isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr);
}

void Io::line(std::string_view text) {
  write_line(stdout, text);
}

void Io::note(std::string_view text) {
  std::fflush(stdout);
  write_line(stderr, text);
}

void Io::prompt(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Io::json(const nlohmann::ordered_json& document) {
  line(document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

std::string Io::paint(Colour colour, std::string_view text) const {
  const std::string_view code = colours_ ? code_of(colour) : "";
  return code.empty() ? std::string(text) : std::string(code) + std::string(text) + "\x1b[0m";
}

bool Io::flush() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

void Table::print(Io& io, std::string_view indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    if (widths.size() < row.size()) widths.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const auto& row : rows_) {
    std::string text(indent);
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    io.line(text);
  }
}

}  // namespace oe::cli
