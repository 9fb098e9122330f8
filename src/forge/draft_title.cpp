#include "forge/draft_title.hpp"

#include <algorithm>
#include <array>

#include "oe/base/text.hpp"

namespace oe::forge {

std::string without_draft_prefix(std::string_view title) {
  static constexpr std::array<std::string_view, 5> kPrefixes{"draft:", "[draft]", "(draft)", "wip:", "[wip]"};
  for (const std::string_view prefix : kPrefixes) {
    const bool is_there = title.size() >= prefix.size() &&
                          std::ranges::equal(title.substr(0, prefix.size()), prefix,
                                             [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
    if (is_there) return std::string(trim(title.substr(prefix.size())));
  }
  return std::string(title);
}

}  // namespace oe::forge
