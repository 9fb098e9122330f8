#include "llm/figures.hpp"

#include <fmt/format.h>

namespace oe::llm {

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  if (bytes < 1'000'000) return fmt::format("{} kB", bytes / 1000);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string human_wait(std::chrono::milliseconds wait) {
  const auto seconds = wait.count() / 1000;
  if (seconds < 60) return fmt::format("{:.1f} s", static_cast<double>(wait.count()) / 1e3);
  return fmt::format("{} m {:02} s", seconds / 60, seconds % 60);
}

}  // namespace oe::llm
