#include "oe/forge/connect.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "forge/forges.hpp"
#include "forge/web.hpp"

namespace oe::forge {

namespace {

constexpr const char* kAgent = "oe";
constexpr std::chrono::seconds kProbeTimeout{10};

bool is_json_object(const RawAnswer& answer) {
  const auto body = Value::parse(answer.body);
  return body && body->is_object();
}

// What each answers to somebody whom it does not know: a version, or that one has to log in. Gitea comes first, as it
// is the only one that answers below /api/v1; GitLab and GitHub Enterprise say no at a place that the others do not
// have.
bool speaks(Kind kind, const RawAnswer& answer) {
  if (!is_json_object(answer)) return false;
  const auto body = Value::parse(answer.body);
  switch (kind) {
    case Kind::gitea:
      return (answer.status == 200 && !body->get("version").is_null()) || answer.status == 403;
    case Kind::gitlab:
      return answer.status == 401 || (answer.status == 200 && !body->get("version").is_null());
    case Kind::github:
      return answer.status == 200 || answer.status == 401;
  }
  return false;
}

std::string_view probed_path(Kind kind) {
  return kind == Kind::github ? "/meta" : "/version";
}

}  // namespace

http::Headers headers_of(Kind kind) {
  http::Headers headers{{"user-agent", kAgent}, {"accept", "application/json"}};
  if (kind != Kind::github) return headers;
  headers.back().value = "application/vnd.github+json";
  headers.push_back({"x-github-api-version", "2022-11-28"});
  return headers;
}

Result<Kind> probe(const Home& home) {
  OE_TRY(const auto exchange, Exchange::open());
  for (const Kind kind : {Kind::gitea, Kind::gitlab, Kind::github}) {
    http::Request request;
    request.url = api_root(kind, home) + std::string(probed_path(kind));
    request.headers = headers_of(kind);
    request.timeout = kProbeTimeout;
    const auto answer = exchange->send(std::move(request));
    if (!answer) {
      return fail(ErrorKind::environment,
                  fmt::format("{} cannot be asked which forge it is: {}", host_of(home.web), answer.error().message),
                  "git config oe.forge github (or gitlab, gitea) says it");
    }
    if (speaks(kind, *answer)) return kind;
  }
  return fail(ErrorKind::environment, fmt::format("{} is no forge that oe knows", host_of(home.web)),
              "git config oe.forge github (or gitlab, gitea) says which one it is, OE_FORGE_URL where");
}

Result<std::unique_ptr<Forge>> connect(Kind kind, const Home& home, Token token) {
  const bool is_pair = std::ranges::count(home.project, '/') == 1;
  if (kind != Kind::gitlab && !is_pair) {
    return fail(ErrorKind::environment,
                fmt::format("'{}' is not OWNER/NAME, as {} wants it", home.project, shown_name(kind)),
                "OE_FORGE_URL says where the forge begins, when it is below a path of its host");
  }
  OE_TRY(auto exchange, Exchange::open());
  Api api({.kind = kind,
           .home = home,
           .root = api_root(kind, home),
           .token = std::move(token),
           .headers = headers_of(kind)},
          std::move(exchange));
  switch (kind) {
    case Kind::github:
      return make_github(std::move(api));
    case Kind::gitlab:
      return make_gitlab(std::move(api));
    case Kind::gitea:
      break;
  }
  return make_gitea(std::move(api));
}

}  // namespace oe::forge
