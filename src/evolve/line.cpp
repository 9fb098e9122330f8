#include "evolve/line.hpp"

#include "oe/base/text.hpp"

namespace oe::evolve {

std::string one_line(std::string_view text, std::size_t bytes) {
  std::string line;
  for (const char c : text) {
    const bool is_blank = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (!is_blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return ellipsis(line, bytes);
}

}  // namespace oe::evolve
