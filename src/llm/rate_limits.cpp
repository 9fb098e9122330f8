#include "llm/rate_limits.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace oe::llm {

namespace {

using std::chrono::milliseconds;

template <class Number>
std::optional<Number> number_in(std::optional<std::string_view> text) {
  Number number{};
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc() && end == text->data() + text->size() ? std::optional(number) : std::nullopt;
}

/// RFC 3339 with any number of digits of a second and any offset.
std::optional<Timestamp> time_in(std::string_view text) {
  constexpr std::size_t kSeconds = 19;  // of "2026-10-04T12:00:00"
  if (text.size() <= kSeconds) return std::nullopt;
  std::string_view rest = text.substr(kSeconds);
  std::string fraction;
  if (rest.starts_with('.')) {
    const std::size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    fraction = rest.substr(1, std::min<std::size_t>(end - 1, 3));
    rest.remove_prefix(end);
  }
  fraction.resize(3, '0');
  const auto time = from_rfc3339(std::string(text.substr(0, kSeconds)) + "." + fraction + "Z");
  if (!time || rest == "Z" || rest == "z") return time;
  if (rest.size() != 6 || rest[3] != ':') return std::nullopt;
  const auto hours = number_in<int>(rest.substr(1, 2)), minutes = number_in<int>(rest.substr(4, 2));
  if (!hours || !minutes || (rest[0] != '+' && rest[0] != '-')) return std::nullopt;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return rest[0] == '+' ? *time - offset : *time + offset;
}

/// Go's way to write a duration: numbers, each with its unit.
std::optional<milliseconds> duration_in(std::string_view text) {
  double sum = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || !(number >= 0)) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view unit = text.substr(0, text.find_first_of("0123456789."));
    text.remove_prefix(unit.size());
    const double factor = unit == "ms" ? 1 : unit == "s" ? 1e3 : unit == "m" ? 6e4 : unit == "h" ? 3.6e6 : -1;
    if (factor < 0) return std::nullopt;
    sum += number * factor;
  }
  return sum < 1e12 ? std::optional(milliseconds(std::llround(sum))) : std::nullopt;
}

std::optional<milliseconds> until(std::optional<std::string_view> text, Timestamp now) {
  const auto time = text ? time_in(*text) : std::nullopt;
  return time ? std::optional(std::max(milliseconds(0), *time - now)) : std::nullopt;
}

std::optional<std::uint64_t> openai_remaining(const http::Headers& head, const std::string& what) {
  const auto remaining = number_in<std::int64_t>(http::find(head, "x-ratelimit-remaining-" + what));
  const auto limit = number_in<std::int64_t>(http::find(head, "x-ratelimit-limit-" + what));
  if (!remaining || *remaining < 0 || (*remaining == 0 && limit.value_or(0) <= 0)) return std::nullopt;
  return static_cast<std::uint64_t>(*remaining);
}

std::optional<milliseconds> openai_reset(const http::Headers& head, const std::string& what) {
  const auto text = http::find(head, "x-ratelimit-reset-" + what);
  return text ? duration_in(*text) : std::nullopt;
}

}  // namespace

Limits anthropic_limits(const http::Headers& head, Timestamp now) {
  const auto of = [&](const char* name) { return http::find(head, std::string("anthropic-ratelimit-") + name); };
  return {.requests = number_in<std::uint64_t>(of("requests-remaining")),
          .tokens = number_in<std::uint64_t>(of("tokens-remaining")),
          .requests_reset = until(of("requests-reset"), now),
          .tokens_reset = until(of("tokens-reset"), now)};
}

Limits openai_limits(const http::Headers& head, Timestamp) {
  return {.requests = openai_remaining(head, "requests"),
          .tokens = openai_remaining(head, "tokens"),
          .requests_reset = openai_reset(head, "requests"),
          .tokens_reset = openai_reset(head, "tokens")};
}

Limits no_limits(const http::Headers&, Timestamp) {
  return {};
}

}  // namespace oe::llm
