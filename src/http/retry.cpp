#include "oe/http/retry.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string>

namespace oe::http {

namespace {

using std::chrono::milliseconds;

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(number) && number >= 0 && number < 1e12 ? std::optional(number) : std::nullopt;
}

/// The three forms of RFC 9110 section 5.6.7.
std::optional<Timestamp> date_of(const std::string& text) {
  for (const char* form : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), form, &parts);
    if (end == nullptr || *end != '\0') continue;
    return Timestamp(std::chrono::seconds(::timegm(&parts)));
  }
  return std::nullopt;
}

}  // namespace

std::optional<milliseconds> asked_wait(const Headers& headers, Timestamp now) {
  if (const auto exact = find(headers, "retry-after-ms"))
    if (const auto number = number_of(*exact)) return milliseconds(std::llround(*number));
  const auto text = find(headers, "retry-after");
  if (!text) return std::nullopt;
  if (const auto seconds = number_of(*text)) return milliseconds(std::llround(*seconds * 1000));
  const auto date = date_of(std::string(*text));
  if (!date) return std::nullopt;
  return std::max(milliseconds(0), *date - now);
}

std::optional<bool> told_to_retry(const Headers& headers) {
  const auto text = find(headers, "x-should-retry");
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

bool is_transient(int status) {
  return status == 408 || status == 409 || status == 429 || status >= 500;
}

milliseconds backoff(std::uint32_t tries, double draw) {
  const double doubled = 500.0 * std::pow(2.0, std::min(tries, 10U) - 1);
  return milliseconds(std::llround(std::min(doubled, 8000.0) * (1 - 0.25 * draw)));
}

}  // namespace oe::http
