#include "ledger/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "oe/base/text.hpp"

namespace oe::ledger {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escape(JsonText& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      out.add('\\');
      return out.add(c);
    case '\n':
      return out.add("\\n");
    case '\t':
      return out.add("\\t");
    case '\r':
      return out.add("\\r");
    default:
      out.add("\\u00");
      out.add(hex[static_cast<unsigned char>(c) >> 4]);
      out.add(hex[static_cast<unsigned char>(c) & 0xF]);
  }
}

// `text` must be UTF-8.
void append_escaped(JsonText& out, std::string_view text) {
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!needs_escape(text[at])) continue;
    out.add(text.substr(copied, at - copied));
    append_escape(out, text[at]);
    copied = at + 1;
  }
  out.add(text.substr(copied));
}

/// Whether one of eight characters has to be escaped or is not ASCII (a byte below n sets its high bit in (w - n) & ~w;
/// "Bit Twiddling Hacks", S. E. Anderson).
bool has_special(std::uint64_t eight) {
  constexpr std::uint64_t each = 0x0101010101010101;
  const auto below = [](std::uint64_t word, std::uint64_t limit) { return (word - each * limit) & ~word; };
  const std::uint64_t special =
      eight | below(eight, 0x20) | below(eight ^ (each * '"'), 1) | below(eight ^ (each * '\\'), 1);
  return (special & (each * 0x80)) != 0;
}

bool is_plain(std::string_view text) {
  std::uint64_t eight = 0;
  for (; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
    std::memcpy(&eight, text.data(), sizeof eight);
    if (has_special(eight)) return false;
  }
  return std::ranges::none_of(text, [](char c) { return needs_escape(c) || static_cast<unsigned char>(c) >= 0x80; });
}

/// Two digits at a time.
void put_pair(char* text, unsigned number) {
  text[0] = static_cast<char>('0' + number / 10);
  text[1] = static_cast<char>('0' + number % 10);
}

}  // namespace

void append_string(JsonText& out, std::string_view text) {
  if (is_plain(text)) {  // nearly every one
    char* const quoted = out.room_for(text.size() + 2);
    quoted[0] = '"';
    std::copy(text.begin(), text.end(), quoted + 1);
    quoted[text.size() + 1] = '"';
    return out.took(text.size() + 2);
  }
  out.add('"');
  for (auto wrong = invalid_utf8(text); wrong; wrong = invalid_utf8(text)) {
    append_escaped(out, text.substr(0, *wrong));
    out.add(kReplacement);
    text.remove_prefix(*wrong + 1);
  }
  append_escaped(out, text);
  out.add('"');
}

void append_milliseconds(JsonText& out, std::chrono::microseconds duration) {
  const auto count = duration.count();
  if (count < 0) out.add('-');
  const auto magnitude =
      count < 0 ? 0 - static_cast<unsigned long long>(count) : static_cast<unsigned long long>(count);
  append_integer(out, magnitude / 1000);
  if (magnitude % 1000 == 0) return;
  std::array<char, 4> fraction{'.', '0', '0', '0'};
  const auto rest = static_cast<unsigned>(magnitude % 1000);
  put_pair(&fraction[1], rest / 10);
  fraction[3] = static_cast<char>('0' + rest % 10);
  std::string_view text(fraction.data(), fraction.size());
  while (text.back() == '0') text.remove_suffix(1);
  out.add(text);
}

TimestampText timestamp_text(Timestamp time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const auto rest = static_cast<unsigned>((time - day).count());
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  TimestampText text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                     '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  put_pair(&text[0], year / 100);
  put_pair(&text[2], year % 100);
  put_pair(&text[5], static_cast<unsigned>(date.month()));
  put_pair(&text[8], static_cast<unsigned>(date.day()));
  put_pair(&text[11], rest / 3'600'000);
  put_pair(&text[14], rest / 60'000 % 60);
  put_pair(&text[17], rest / 1000 % 60);
  put_pair(&text[20], rest % 1000 / 10);
  text[22] = static_cast<char>('0' + rest % 10);
  return text;
}

void append_timestamp(JsonText& out, Timestamp time) {
  const TimestampText text = timestamp_text(time);
  out.add('"');
  out.add({text.data(), text.size()});
  out.add('"');
}

}  // namespace oe::ledger
