#include "doc/parser_input.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "oe/base/text.hpp"

#include "doc/source.hpp"

namespace oe::doc {

namespace {

constexpr std::size_t kPairLength = std::string_view("\\ud83d\\ude00").size();

bool starts_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::optional<std::uint32_t> unicode_escape(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const char* end = text.data() + 6;
  if (std::from_chars(text.data() + 2, end, unit, 16).ptr != end) return std::nullopt;
  return unit;
}

std::optional<std::uint32_t> surrogate_pair(std::string_view text) {
  const auto high = unicode_escape(text);
  const auto low = high ? unicode_escape(text.substr(6)) : std::nullopt;
  if (!low || (*high & 0xFC00U) != 0xD800U || (*low & 0xFC00U) != 0xDC00U) return std::nullopt;
  return 0x10000U + ((*high & 0x3FFU) << 10U) + (*low & 0x3FFU);
}

void append_supplementary(std::string& out, std::uint32_t code_point) {
  out += static_cast<char>(0xF0U | (code_point >> 18U));
  out += static_cast<char>(0x80U | ((code_point >> 12U) & 0x3FU));
  out += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU));
  out += static_cast<char>(0x80U | (code_point & 0x3FU));
}

}  // namespace

ParserInput::ParserInput(std::string_view text) : given_(text.substr(byte_order_mark(text))) {
  shifts_.push_back({.given = 0, .bytes = text.size() - given_.size()});
  // Outside JSON a surrogate pair may stand in a plain or literal text, where a backslash is just a backslash.
  const bool may_have_pairs = given_.find("\\ud") != given_.npos || given_.find("\\uD") != given_.npos;
  if (may_have_pairs && nlohmann::json::accept(given_)) join_surrogates();
  find_wide_characters();
}

void ParserInput::join_surrogates() {
  const std::string_view text = given_;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto code_point = surrogate_pair(text.substr(at, kPairLength))) {
      append_supplementary(joined_, *code_point);
      at += kPairLength;
      shifts_.push_back({.given = joined_.size(), .bytes = shifts_.front().bytes + at - joined_.size()});
    } else {
      const std::size_t length = text[at] == '\\' ? 2 : 1;
      joined_ += text.substr(at, length);
      at += length;
    }
  }
  given_ = joined_;
}

void ParserInput::find_wide_characters() {
  std::size_t continued = 0;  // bytes that so far only went on with a character
  for (std::size_t at = ascii_prefix(given_); at < given_.size(); at += ascii_prefix(given_.substr(at))) {
    const std::size_t begin = at++;
    while (at < given_.size() && !starts_code_point(given_[at])) ++at;
    continued += at - begin - 1;
    behind_wide_.push_back({.index = at - continued, .byte = at});
  }
}

std::size_t ParserInput::byte_of_code_point(std::size_t index) const {
  const auto next = std::upper_bound(behind_wide_.begin(), behind_wide_.end(), index,
                                     [](std::size_t at, const Point& point) { return at < point.index; });
  if (next == behind_wide_.begin()) return byte_of_given(index);
  const Point& last = *(next - 1);
  return byte_of_given(last.byte + (index - last.index));
}

std::size_t ParserInput::byte_of_given(std::size_t offset) const {
  if (shifts_.size() == 1) return offset + shifts_.front().bytes;
  const auto next = std::upper_bound(shifts_.begin(), shifts_.end(), offset,
                                     [](std::size_t at, const Shift& shift) { return at < shift.given; });
  return offset + (next - 1)->bytes;
}

}  // namespace oe::doc
