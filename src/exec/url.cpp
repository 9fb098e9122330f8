#include <fmt/core.h>
#include <utility>

#include "exec/http_request.hpp"

namespace oe::exec {

namespace {

std::string_view without_fragment(std::string_view url) {
  return url.substr(0, url.find('#'));
}

std::string_view without_query(std::string_view url) {
  return without_fragment(url).substr(0, url.find('?'));
}

/// Up to and with the last slash of its path.
std::string_view directory_of(std::string_view url) {
  const std::string_view path = without_query(url);
  const std::size_t root = origin_of(url).size();
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos || slash < root ? path.substr(0, root) : path.substr(0, slash + 1);
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kUnreserved = "-._~";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || kUnreserved.find(c) != std::string_view::npos)
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return encoded;
}

std::string_view origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

std::string shown_url(std::string_view url) {
  return std::string(without_query(url));
}

std::string resolved_url(std::string_view base, std::string_view reference) {
  const auto after = [&](std::string_view before) { return fmt::format("{}{}", before, reference); };
  if (reference.starts_with("http://") || reference.starts_with("https://")) return std::string(reference);
  if (reference.starts_with("//")) return after(base.substr(0, base.find(':') + 1));
  if (reference.starts_with('/')) return after(origin_of(base));
  if (reference.starts_with('?')) return after(without_query(base));
  const std::string_view directory = directory_of(base);
  return after(directory.ends_with('/') ? std::string(directory) : fmt::format("{}/", directory));
}

std::string with_parameter(std::string_view url, std::string_view name, std::string_view value) {
  const std::string_view address = without_fragment(url);
  std::string result(without_query(address));
  std::string_view query = address.substr(result.size());
  char between = '?';
  while (!query.empty()) {
    query.remove_prefix(1);
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(pair.size());
    if (pair.empty() || pair.substr(0, pair.find('=')) == name) continue;
    result.append(1, std::exchange(between, '&')).append(pair);
  }
  return result.append(1, between).append(name).append("=").append(value);
}

}  // namespace oe::exec
