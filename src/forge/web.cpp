#include "forge/web.hpp"

#include <fmt/format.h>

namespace oe::forge {

std::string_view origin_part(std::string_view url) {
  const std::size_t start = url.find("://");
  if (start == std::string_view::npos) return url.substr(0, 0);
  return url.substr(0, url.find_first_of("/?#", start + 3));
}

std::string host_of(std::string_view url) {
  const std::string_view origin = origin_part(url);
  const std::size_t start = origin.find("://");
  if (start == std::string_view::npos) return {};
  const std::string_view authority = origin.substr(start + 3);
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  return std::string(authority.substr(0, authority.find(':', bracket == std::string_view::npos ? 0 : bracket)));
}

std::string percent_encoded(std::string_view text, std::string_view also) {
  std::string out;
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_letter || std::string_view("-._~").find(c) != std::string_view::npos ||
        also.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace oe::forge
