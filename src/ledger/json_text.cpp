#include "ledger/json_text.hpp"

#include <array>
#include <charconv>
#include <cstdlib>

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

void append_digits(std::string& out, unsigned number, int digits) {
  std::array<char, 4> text{'0', '0', '0', '0'};
  for (int i = digits - 1; i >= 0; --i, number /= 10)
    text[static_cast<std::size_t>(i)] = static_cast<char>('0' + number % 10);
  out.append(text.data(), static_cast<std::size_t>(digits));
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
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
  append_digits(out, static_cast<unsigned>(magnitude % 1000), 3);
  while (out.back() == '0') out.pop_back();
}

void append_timestamp(std::string& out, Timestamp time) {
  out += '"';
  out += timestamp_text(time);
  out += '"';
}

std::string timestamp_text(Timestamp time) {
  std::string out;
  out.reserve(24);
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const auto rest = static_cast<unsigned>((time - day).count());
  append_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_digits(out, static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append_digits(out, rest / 3'600'000, 2);
  out += ':';
  append_digits(out, rest / 60'000 % 60, 2);
  out += ':';
  append_digits(out, rest / 1000 % 60, 2);
  out += '.';
  append_digits(out, rest % 1000, 3);
  out += 'Z';
  return out;
}

}  // namespace oe::ledger
