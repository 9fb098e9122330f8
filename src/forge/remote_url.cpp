#include "oe/forge/remote_url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "oe/base/text.hpp"

namespace oe::forge {

namespace {

using Scheme = RemoteUrl::Scheme;

struct SchemeName {
  std::string_view text;
  Scheme scheme;
};
constexpr std::array<SchemeName, 8> kSchemes{{{"https", Scheme::https},
                                              {"http", Scheme::http},
                                              {"ssh", Scheme::ssh},
                                              {"git+ssh", Scheme::ssh},
                                              {"ssh+git", Scheme::ssh},
                                              {"git", Scheme::git},
                                              {"git+https", Scheme::https},
                                              {"file", Scheme::file}}};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// What stands before the last '@' may be a password.
std::string shown(std::string_view text) {
  const std::size_t at = text.rfind('@');
  return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

tl::unexpected<Error> unusable(std::string_view text, std::string_view why) {
  return fail(ErrorKind::environment, fmt::format("the remote '{}' {}", ellipsis(shown(text), 200), why),
              "git remote -v shows it; git remote set-url NAME URL mends it");
}

std::string project_path(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

std::optional<std::uint16_t> port_of(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

std::string_view without_user(std::string_view authority) {
  const std::size_t at = authority.rfind('@');
  return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

// Where the host ends in "host:rest" or "[v6]:rest".
std::size_t end_of_host(std::string_view authority) {
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  return bracket == std::string_view::npos ? bracket : authority.find(':', bracket);
}

Result<RemoteUrl> parse_url(std::string_view text, std::size_t separator) {
  const std::string scheme = lower(text.substr(0, separator));
  const auto known = std::ranges::find(kSchemes, scheme, &SchemeName::text);
  if (known == kSchemes.end()) return unusable(text, "has a scheme that no forge has");
  RemoteUrl url{.scheme = known->scheme};
  const std::string_view rest = text.substr(separator + 3);
  const std::size_t slash = rest.find('/');
  url.path = project_path(slash == std::string_view::npos ? "" : rest.substr(slash));
  if (url.path.empty()) return unusable(text, "names no project");
  if (url.scheme == Scheme::file) return url;
  const std::string_view authority = without_user(rest.substr(0, slash));
  const std::size_t colon = end_of_host(authority);
  url.host = lower(authority.substr(0, colon));
  if (colon != std::string_view::npos && colon + 1 < authority.size()) {
    url.port = port_of(authority.substr(colon + 1));
    if (!url.port) return unusable(text, "has a port that is no number from 1 to 65535");
  }
  if (url.host.empty()) return unusable(text, "names no host");
  return url;
}

}  // namespace

Result<RemoteUrl> parse_remote_url(std::string_view text) {
  text = trim(text);
  if (const std::size_t separator = text.find("://"); separator != std::string_view::npos)
    return parse_url(text, separator);
  // As git has it: a colon before the first slash makes it a host, else it is a path.
  const std::string_view authority = without_user(text.substr(0, text.find('/')));
  const std::size_t colon = end_of_host(authority);
  RemoteUrl url;
  if (colon == std::string_view::npos) {
    url.scheme = Scheme::file;
    url.path = project_path(text);
  } else {
    url.scheme = Scheme::ssh;
    url.host = lower(authority.substr(0, colon));
    const std::size_t start = static_cast<std::size_t>(authority.data() - text.data()) + colon + 1;
    url.path = project_path(text.substr(start));
    if (url.host.empty()) return unusable(text, "names no host");
  }
  if (url.path.empty()) return unusable(text, "names no project");
  return url;
}

}  // namespace oe::forge
