#include "cli/since.hpp"

#include <charconv>
#include <cstdint>
#include <string>

namespace oe::cli {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::uint32_t kMost = 100'000;

std::optional<minutes> unit_of(char letter) {
  switch (letter) {
    case 'm':
      return minutes(1);
    case 'h':
      return hours(1);
    case 'd':
      return hours(24);
    case 'w':
      return hours(24 * 7);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Timestamp> moment_since(std::string_view text, Timestamp now) {
  if (const auto day = from_rfc3339(std::string(text) + "T00:00:00.000Z")) return day;
  if (text.size() < 2) return std::nullopt;
  std::uint32_t count = 0;
  const char* const last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), last, count);
  const auto unit = unit_of(*last);
  if (error != std::errc() || end != last || count > kMost || !unit) return std::nullopt;
  return now - count * *unit;
}

}  // namespace oe::cli
