#include "llm/endpoint.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "oe/base/text.hpp"

namespace oe::llm {

namespace {

constexpr std::string_view kOpenAiHost = "api.openai.com";

std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const std::size_t user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  if (url.starts_with('[')) return url.substr(0, url.find(']') + 1);
  return url.substr(0, url.find(':'));
}

bool is_private_address(std::string_view host) {
  constexpr std::array<std::string_view, 4> kStarts = {"127.", "10.", "192.168.", "0.0.0.0"};
  if (std::ranges::any_of(kStarts, [&](std::string_view start) { return host.starts_with(start); })) return true;
  if (!host.starts_with("172.")) return false;
  const std::vector<std::string> parts = split(host, '.');
  return parts[1].size() == 2 && parts[1] >= "16" && parts[1] <= "31";
}

bool is_address(std::string_view host) {
  return host.find_first_not_of("0123456789.") == std::string_view::npos;
}

std::string value_of(const Variables& environment, std::string_view name) {
  if (name.empty()) return {};
  return std::string(trim(environment(std::string(name)).value_or("")));
}

Error no_key(const std::string& variable, const Route& route) {
  return Error(ErrorKind::environment,
               fmt::format("no key for {}: the environment variable {} is not set", route.model.provider, variable),
               fmt::format("set it with: export {}=...", variable));
}

std::optional<Error> take_key(Route& route, const Variables& environment) {
  const bool is_named = !route.model.key_env.empty();
  const std::string variable = is_named ? route.model.key_env : std::string(route.wire->key_env);
  route.endpoint.key = value_of(environment, variable);
  const bool has_break = std::ranges::any_of(route.endpoint.key, [](char c) { return c >= 0 && c < 0x20; });
  if (has_break)
    return Error(ErrorKind::environment, fmt::format("the value of {} is no key: it has a line break", variable));
  const bool is_wanted = !variable.empty() && (is_named || !is_local(route.endpoint.base_url));
  if (!is_wanted || !route.endpoint.key.empty()) return std::nullopt;
  return no_key(variable, route);
}

/// OLLAMA_HOST may be a host alone.
std::string with_port(std::string address) {
  return address.empty() || address.find(':') != std::string::npos ? address : address + ":11434";
}

std::string base_url(Route& route, const Variables& environment) {
  if (!route.model.base_url.empty()) return tidy_url(route.model.base_url);
  std::string address = value_of(environment, route.wire->base_env);
  if (route.wire->provider == "ollama") address = with_port(std::move(address));
  const std::string url = tidy_url(address);
  if (url.empty()) return std::string(route.wire->base_url);
  if (route.wire->provider == "openai" && host_of(url) != kOpenAiHost) route.wire = find_wire("openai-chat");
  return url;
}

}  // namespace

std::string tidy_url(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.empty()) return {};
  std::string tidy = url.find("://") == std::string_view::npos ? "http://" + std::string(url) : std::string(url);
  constexpr std::string_view kAll = "//0.0.0.0";
  if (const std::size_t at = tidy.find(kAll); at != std::string::npos) tidy.replace(at, kAll.size(), "//127.0.0.1");
  return tidy;
}

bool is_local(std::string_view url) {
  const std::string_view host = host_of(url);
  if (host == "[::1]" || host == "[::]" || host.ends_with(".local") || host.ends_with(".internal")) return true;
  if (is_address(host)) return is_private_address(host);
  return !host.empty() && !host.starts_with('[') && host.find('.') == std::string_view::npos;
}

Result<void> settle_endpoint(Route& route, const Variables& environment, bool is_replaying) {
  route.wire = find_wire(route.model.provider);
  Endpoint& endpoint = route.endpoint;
  endpoint.base_url = base_url(route, environment);
  endpoint.model = route.model.model;
  endpoint.headers = route.model.headers;
  endpoint.seed = route.model.seed;
  if (is_replaying) return {};
  if (endpoint.base_url.empty())
    return fail(ErrorKind::environment, fmt::format("provider '{}' has no address of its own", route.model.provider),
                fmt::format("write base_url: into its entry under models:, or set {}", route.wire->base_env));
  route.unusable = take_key(route, environment);
  return {};
}

}  // namespace oe::llm
