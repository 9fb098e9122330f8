#include "llm/key_forms.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace oe::llm {

namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The digits of whole groups of three bytes.
std::string base64_groups(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at + 3 <= bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = group << 8U | static_cast<unsigned char>(bytes[at + i]);
    for (const unsigned shift : {18U, 12U, 6U, 0U}) text += kDigits[group >> shift & 63U];
  }
  return text;
}

std::string url_alphabet(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

}  // namespace

std::vector<std::string> forms_of(const std::vector<std::string>& keys) {
  std::vector<std::string> forms = keys;
  for (const std::string& key : keys) {
    for (std::size_t skipped = 0; skipped < 3 && skipped < key.size(); ++skipped) {
      const std::string text = base64_groups(std::string_view(key).substr(skipped));
      if (text.size() < 8) continue;
      forms.push_back(text);
      if (std::string other = url_alphabet(text); other != text) forms.push_back(std::move(other));
    }
  }
  return forms;
}

}  // namespace oe::llm
