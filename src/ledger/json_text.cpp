#include "ledger/json_text.hpp"

#include <array>
#include <charconv>
#include <span>

#include "oe/base/text.hpp"

namespace oe::ledger {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 0xF];
  }
}

// `text` must be UTF-8.
void append_escaped(std::string& out, std::string_view text) {
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!needs_escape(text[at])) continue;
    out.append(text, copied, at - copied);
    append_escape(out, text[at]);
    copied = at + 1;
  }
  out.append(text, copied);
}

bool is_plain(std::string_view text) {
  for (const char c : text)
    if (needs_escape(c) || static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

void put_digits(std::span<char> text, unsigned number) {
  for (std::size_t i = text.size(); i-- > 0; number /= 10) text[i] = static_cast<char>('0' + number % 10);
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  if (is_plain(text)) {  // nearly every one
    out += text;
    out += '"';
    return;
  }
  for (auto wrong = invalid_utf8(text); wrong; wrong = invalid_utf8(text)) {
    append_escaped(out, text.substr(0, *wrong));
    out += kReplacement;
    text.remove_prefix(*wrong + 1);
  }
  append_escaped(out, text);
  out += '"';
}

void append_milliseconds(std::string& out, std::chrono::microseconds duration) {
  const auto count = duration.count();
  if (count < 0) out += '-';
  const auto magnitude =
      count < 0 ? 0 - static_cast<unsigned long long>(count) : static_cast<unsigned long long>(count);
  std::array<char, 24> whole{};
  out.append(whole.data(), std::to_chars(whole.data(), whole.data() + whole.size(), magnitude / 1000).ptr);
  if (magnitude % 1000 == 0) return;
  out += '.';
  std::array<char, 3> fraction{};
  put_digits(fraction, static_cast<unsigned>(magnitude % 1000));
  out.append(fraction.data(), fraction.size());
  while (out.back() == '0') out.pop_back();
}

TimestampText timestamp_text(Timestamp time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const auto rest = static_cast<unsigned>((time - day).count());
  TimestampText text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                     '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  const std::span<char> all(text);
  put_digits(all.subspan(0, 4), static_cast<unsigned>(static_cast<int>(date.year())));
  put_digits(all.subspan(5, 2), static_cast<unsigned>(date.month()));
  put_digits(all.subspan(8, 2), static_cast<unsigned>(date.day()));
  put_digits(all.subspan(11, 2), rest / 3'600'000);
  put_digits(all.subspan(14, 2), rest / 60'000 % 60);
  put_digits(all.subspan(17, 2), rest / 1000 % 60);
  put_digits(all.subspan(20, 3), rest % 1000);
  return text;
}

void append_timestamp(std::string& out, Timestamp time) {
  const TimestampText text = timestamp_text(time);
  out += '"';
  out.append(text.data(), text.size());
  out += '"';
}

}  // namespace oe::ledger
