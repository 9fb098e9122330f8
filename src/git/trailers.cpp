#include "oe/git/trailers.hpp"

#include <algorithm>
#include <strings.h>

#include "oe/base/text.hpp"

namespace oe::git {
namespace {

bool is_key(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
}

std::vector<std::string> last_paragraph(std::string_view message) {
  std::vector<std::string> lines = split(std::string(message), '\n');
  while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
  std::size_t begin = lines.size();
  while (begin > 0 && !trim(lines[begin - 1]).empty()) --begin;
  if (begin == 0) return {};  // the subject
  return {lines.begin() + static_cast<std::ptrdiff_t>(begin), lines.end()};
}

}  // namespace

std::vector<Trailer> trailers(std::string_view message) {
  std::vector<Trailer> found;
  std::size_t ours = 0;
  std::size_t others = 0;
  bool is_by_git = false;
  for (const std::string& line : last_paragraph(message)) {
    const bool is_pick = line.starts_with("(cherry picked from commit ");
    is_by_git = is_by_git || is_pick || line.starts_with("Signed-off-by: ");
    const std::size_t colon = line.find(':');
    if (is_pick)
      ++ours;
    else if (!found.empty() && (line.front() == ' ' || line.front() == '\t'))
      found.back().value += " " + std::string(trim(line));
    else if (colon == std::string::npos || !is_key(std::string_view(line).substr(0, colon)))
      ++others;
    else
      found.push_back({line.substr(0, colon), std::string(trim(std::string_view(line).substr(colon + 1)))});
  }
  ours += found.size();
  const bool is_block = others == 0 || (is_by_git && ours * 3 >= others);
  return is_block ? found : std::vector<Trailer>();
}

std::optional<std::string> find_trailer(const std::vector<Trailer>& trailers, std::string_view key) {
  const auto same = [&](const Trailer& trailer) {
    return trailer.key.size() == key.size() && ::strncasecmp(trailer.key.data(), key.data(), key.size()) == 0;
  };
  const auto last = std::find_if(trailers.rbegin(), trailers.rend(), same);
  return last == trailers.rend() ? std::nullopt : std::optional(last->value);
}

}  // namespace oe::git
