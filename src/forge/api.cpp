#include "forge/api.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/http/retry.hpp"
#include "oe/sys/clock.hpp"

#include "forge/api_error.hpp"
#include "forge/web.hpp"

namespace oe::forge {

using std::chrono::milliseconds;

namespace {

constexpr unsigned kMostTries = 3;
constexpr unsigned kMostHops = 3;
constexpr std::size_t kMostListed = 2'000;
constexpr std::chrono::seconds kLongestPause{60};
constexpr std::chrono::seconds kTimeout{60};
constexpr std::size_t kMostBytes = std::size_t{16} << 20;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

// RFC 8288, as all three forges write it: <URL>; rel="next", ...
std::string next_link(const http::Headers& headers) {
  const auto links = http::find(headers, "link");
  if (!links) return {};
  for (const std::string& link : split(*links, ',')) {
    const std::size_t begin = link.find('<');
    const std::size_t end = link.find('>');
    if (begin == std::string::npos || end == std::string::npos || end < begin) continue;
    if (link.find("rel=\"next\"", end) != std::string::npos) return link.substr(begin + 1, end - begin - 1);
  }
  return {};
}

bool is_json(const http::Headers& headers) {
  const auto type = http::find(headers, "content-type");
  return type && type->find("json") != std::string_view::npos;
}

}  // namespace

struct Api::Call {
  std::string method;
  std::string url;
  std::string body;
  bool may_be_repeated() const { return method != "POST"; }
};

http::Request Api::request(const Call& call, const std::string& url) const {
  http::Request request;
  request.method = call.method;
  request.url = url;
  request.headers = place_.headers;
  request.headers.push_back({place_.token.header, place_.token.prefix + place_.token.secret.reveal()});
  if (!call.body.empty()) request.headers.push_back({"content-type", "application/json"});
  request.body = call.body;
  request.timeout = kTimeout;
  request.idle_timeout = kTimeout;
  request.max_bytes = kMostBytes;
  return request;
}

Result<RawAnswer> Api::exchange(const Call& call, const std::string& url) {
  auto answer = exchange_->send(request(call, url));
  for (unsigned tries = 1; !answer && call.may_be_repeated() && tries < kMostTries; ++tries) {
    exchange_->wait(http::backoff(tries, 0.5));
    answer = exchange_->send(request(call, url));
  }
  if (answer) return std::move(*answer);
  const std::string_view hint = answer.error().fault == http::Fault::connect
                                    ? "is the network there, and does the forge listen where git remote -v says?"
                                    : "type the command again; it goes on where it was";
  return fail(ErrorKind::environment,
              fmt::format("{} cannot be reached: {}", shown_name(place_.kind), answer.error().message),
              std::string(hint));
}

// Only within the forge: the token is for no one else.
Result<RawAnswer> Api::follow(const Call& call) {
  std::string url = call.url;
  for (unsigned hop = 0; hop <= kMostHops; ++hop) {
    OE_TRY(RawAnswer answer, exchange(call, url));
    if (!is_redirect(answer.status)) return answer;
    const std::string target(http::find(answer.headers, "location").value_or(""));
    url = target.starts_with('/') ? std::string(origin_part(url)) + target : target;
    if (origin_part(url) != origin_part(place_.root)) {
      return fail(ErrorKind::environment,
                  fmt::format("{} redirects from {} to {}, where the token must not go", shown_name(place_.kind),
                              host_of(place_.root), ellipsis(host_of(url), 100)),
                  "git remote set-url the project's new address, if it has moved");
    }
  }
  return fail(ErrorKind::environment, fmt::format("{} redirects in a circle", host_of(place_.root)),
              "is that the address of the forge?");
}

std::optional<milliseconds> Api::pause(const Call& call, const RawAnswer& answer, unsigned tries) const {
  if (tries >= kMostTries) return std::nullopt;
  const auto body = Value::parse(answer.body);
  const ApiAnswer read{answer.status, answer.headers, body ? *body : Value()};
  // A limit comes before anything is done, so also a POST may follow it.
  if (const auto wait = limit_wait(read, sys::system_clock().now()))
    return *wait <= kLongestPause ? std::optional(*wait) : std::nullopt;
  if (answer.status < 500 || !call.may_be_repeated()) return std::nullopt;
  return std::min<milliseconds>(
      http::asked_wait(answer.headers, sys::system_clock().now()).value_or(http::backoff(tries, 0.5)), kLongestPause);
}

Result<ApiAnswer> Api::read(const Call& call, RawAnswer raw) const {
  ApiAnswer answer{raw.status, std::move(raw.headers), Value()};
  const bool is_good = raw.status >= 200 && raw.status < 300;
  if (trim(raw.body).empty()) return answer;
  auto body = is_json(answer.headers) ? Value::parse(raw.body) : fail(ErrorKind::input, "not JSON");
  if (body) {
    answer.body = std::move(*body);
  } else if (is_good) {
    return fail(ErrorKind::environment,
                fmt::format("{} answered the {} with {} and not with JSON", host_of(place_.root), call.method,
                            ellipsis(std::string(http::find(answer.headers, "content-type").value_or("nothing")), 60)),
                "is that the address of the forge? git config oe.forge says which one it is, OE_FORGE_URL where");
  }
  return answer;
}

Result<ApiAnswer> Api::carry_out(const Call& call) {
  for (unsigned tries = 1;; ++tries) {
    OE_TRY(RawAnswer raw, follow(call));
    const auto wait = pause(call, raw, tries);
    if (!wait) return read(call, std::move(raw));
    exchange_->wait(*wait);
  }
}

Result<Value> Api::get(const std::string& path) {
  OE_TRY(const ApiAnswer answer, carry_out({"GET", place_.root + path, ""}));
  if (answer.status < 200 || answer.status >= 300) return fail(error_of("GET", answer));
  return answer.body;
}

Result<ApiAnswer> Api::try_send(const std::string& method, const std::string& path, const nlohmann::json& body) {
  OE_TRY(ApiAnswer answer, carry_out({method, place_.root + path, Value(body).dump()}));
  const bool is_good = answer.status >= 200 && answer.status < 300;
  if (is_good || answer.status == 409 || answer.status == 422) return answer;
  return fail(error_of(method, answer));
}

Result<Value> Api::send(const std::string& method, const std::string& path, const nlohmann::json& body) {
  OE_TRY(const ApiAnswer answer, try_send(method, path, body));
  if (answer.status >= 300) return fail(error_of(method, answer));
  return answer.body;
}

Result<std::vector<Value>> Api::list(const std::string& path) {
  std::vector<Value> items;
  std::string url = place_.root + path;
  while (!url.empty() && items.size() < kMostListed) {
    OE_TRY(const ApiAnswer answer, carry_out({"GET", url, ""}));
    if (answer.status < 200 || answer.status >= 300) return fail(error_of("GET", answer));
    for (const nlohmann::json& item : answer.body.json()) items.emplace_back(item);
    url = next_link(answer.headers);
    if (!url.empty() && origin_part(url) != origin_part(place_.root)) break;
  }
  return items;
}

}  // namespace oe::forge
