#include "oe/base/ids.hpp"

namespace oe {

namespace {

// Crockford's base 32 without the letters that look like digits; its order is the order of ASCII.
std::string base32(std::uint64_t number, int digits) {
  constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string text(static_cast<std::size_t>(digits), '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number /= 32) *digit = alphabet[number % 32];
  return text;
}

}  // namespace

RunId make_run_id(Timestamp now, std::uint32_t entropy) {
  const auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
  return {"r-" + base32(milliseconds, 9) + base32(entropy, 4)};
}

}  // namespace oe
