#include "evolve/section.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <numeric>

#include "oe/base/text.hpp"

#include "evolve/plain.hpp"

namespace oe::evolve {

namespace {

// A heading, a fence around the pieces, and the line about what is missing.
constexpr std::size_t kFrame = 400;

std::size_t bytes_of(const std::vector<std::string>& pieces, std::size_t first) {
  return std::accumulate(pieces.begin() + static_cast<std::ptrdiff_t>(first), pieces.end(), std::size_t{0},
                         [](std::size_t sum, const std::string& piece) { return sum + piece.size(); });
}

std::size_t pieces_within(const std::vector<std::string>& pieces, std::size_t bytes) {
  std::size_t count = 0, used = 0;
  while (count < pieces.size() && used + pieces[count].size() <= bytes) used += pieces[count++].size();
  return count;
}

std::string written(const Section& section, std::size_t count) {
  std::string body;
  for (std::size_t i = 0; i < count; ++i) body += section.pieces[i];
  std::string text = fmt::format("# {}\n", section.title);
  text += section.is_data && !body.empty() ? fenced(body, section.title) : body;
  if (count < section.pieces.size()) {
    text += fmt::format("(left out for lack of room: {} of {} {}, {} bytes)\n", section.pieces.size() - count,
                        section.pieces.size(), section.unit, bytes_of(section.pieces, count));
  }
  return text + "\n";
}

}  // namespace

std::string fitted(const std::vector<Section>& sections, std::size_t bytes) {
  std::vector<std::size_t> order(sections.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return sections[i].rank; });
  std::vector<std::string> texts(sections.size());
  std::size_t left = bytes;
  for (const std::size_t i : order) {
    const Section& section = sections[i];
    if (section.pieces.empty()) continue;
    const auto most = static_cast<std::size_t>(section.share * static_cast<double>(bytes));
    const std::size_t room = std::min(most, left);
    texts[i] = written(section, pieces_within(section.pieces, room > kFrame ? room - kFrame : 0));
    left -= std::min(left, texts[i].size());
  }
  return join(texts, "");
}

std::string cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  std::size_t end = bytes;
  const std::size_t newline = text.rfind('\n', end);
  if (newline != std::string_view::npos && newline >= bytes / 2)
    end = newline;
  else
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return fmt::format("{}\n(cut: {} of {} bytes are left out)", text.substr(0, end), text.size() - end, text.size());
}

}  // namespace oe::evolve
