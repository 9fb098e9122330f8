#include "formats/model_secrets.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/core.h>

namespace oe::formats {

namespace {

constexpr std::size_t kShortestKey = 16;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> words) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(words, lower) != words.end();
}

bool is_key_header(std::string_view name) {
  return is_one_of(name, {"authorization", "proxy-authorization", "api-key", "x-api-key", "x-goog-api-key"});
}

bool holds_a_key(std::string_view name) {
  return is_key_header(name) || is_one_of(name, {"api_key", "apikey", "key", "token"});
}

constexpr const char* kNoKeys = "an API key does not belong into a file";

bool note_key(const Spot& spot, Notes& notes) {
  notes.error(spot, kNoKeys, "put it into an environment variable, and name that: 'key_env: MY_API_KEY'");
  return true;
}

// "https://user:password@host" and "?key=...".
bool is_address_with_key(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = text.substr(scheme + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  return host.find('@') != std::string_view::npos || rest.find("key=") != std::string_view::npos;
}

}  // namespace

bool looks_like_key(std::string_view text) {
  constexpr std::array<std::string_view, 9> kBeginnings = {"sk-",  "sk_", "AIza", "gsk_",   "xai-",
                                                           "pplx", "hf_", "ghp_", "Bearer "};
  if (text.size() < kShortestKey || text.find("{{") != std::string_view::npos) return false;
  return std::ranges::any_of(kBeginnings, [&](std::string_view beginning) { return text.starts_with(beginning); });
}

bool note_keys(const Spot& spot, Notes& notes) {
  const doc::Node& node = spot.content();
  bool found = false;
  if (node.kind == doc::NodeKind::scalar && (looks_like_key(node.text) || is_address_with_key(node.text)))
    found = note_key(spot, notes);
  for (const doc::Member& member : node.members) {
    const Spot value{&member.value, fmt::format("{}/{}", spot.path, doc::pointer_token(member.key.text))};
    if (holds_a_key(member.key.text) || looks_like_key(member.key.text))
      found = note_key({&member.key, value.path}, notes);
    else
      found = note_keys(value, notes) || found;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) found = note_keys(spot.item(i), notes) || found;
  return found;
}

void note_written_keys(const Spot& headers, Notes& notes) {
  for (const doc::Member& member : headers.content().members) {
    const std::string& value = member.value.resolved().text;
    const bool is_written = is_key_header(member.key.text) && value.find("{{") == std::string::npos;
    if (!is_written && !looks_like_key(value)) continue;
    const Spot spot{&member.value, fmt::format("{}/{}", headers.path, doc::pointer_token(member.key.text))};
    notes.error(spot, kNoKeys, "list the environment variable in secrets, and write '{{$secrets.NAME}}'");
  }
}

}  // namespace oe::formats
