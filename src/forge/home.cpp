#include <algorithm>
#include <fmt/format.h>

#include "oe/base/text.hpp"
#include "oe/forge/connect.hpp"

#include "forge/web.hpp"

namespace oe::forge {

namespace {

using Scheme = RemoteUrl::Scheme;

// ssh over port 443 has host names of its own.
std::string web_host(const std::string& host) {
  if (host == "ssh.github.com") return "github.com";
  if (host == "altssh.gitlab.com") return "gitlab.com";
  return host;
}

std::string origin_of(const RemoteUrl& url) {
  const std::string scheme = url.scheme == Scheme::http ? "http" : "https";
  const bool is_web = url.scheme == Scheme::http || url.scheme == Scheme::https;
  const std::string port = is_web && url.port ? fmt::format(":{}", *url.port) : "";
  return fmt::format("{}://{}{}", scheme, web_host(url.host), port);
}

std::string last_two(const std::string& path) {
  const std::size_t last = path.rfind('/');
  if (last == std::string::npos || last == 0) return path;
  const std::size_t before = path.rfind('/', last - 1);
  return before == std::string::npos ? path : path.substr(before + 1);
}

Result<std::optional<RemoteUrl>> named_forge(const Variables& variables) {
  auto text = variables("OE_FORGE_URL");
  if (!text) return std::nullopt;
  while (text->ends_with('/')) text->pop_back();
  // The path of a project is required of remotes and not of this; one is added for the parser and taken off again.
  const auto url = parse_remote_url(*text + "/-");
  const bool is_web = url && (url->scheme == Scheme::http || url->scheme == Scheme::https);
  if (!is_web)
    return fail(ErrorKind::environment, "OE_FORGE_URL is not an http(s) URL", "export OE_FORGE_URL=https://HOST");
  RemoteUrl root = *url;
  root.path = root.path == "-" ? "" : root.path.substr(0, root.path.size() - 2);
  return root;
}

Home home_below(const RemoteUrl& root, const RemoteUrl& remote) {
  const std::string below = root.path.empty() ? "" : "/" + root.path;
  std::string project = remote.path;
  if (!root.path.empty() && project.starts_with(root.path + "/")) project = project.substr(root.path.size() + 1);
  return {.web = origin_of(root) + below, .project = remote.scheme == Scheme::file ? last_two(project) : project};
}

bool is_below(const std::string& host, std::string_view domain) {
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

}  // namespace

Result<std::optional<Home>> home_of(const RemoteUrl& remote, const Variables& variables) {
  OE_TRY(const auto named, named_forge(variables));
  const bool is_file = remote.scheme == Scheme::file;
  std::optional<Home> home;
  if (named && (is_file || named->host == remote.host)) {
    home = home_below(*named, remote);
  } else if (!is_file) {
    home = Home{.web = origin_of(remote), .project = remote.path};
  }
  if (home && home->project.find('/') == std::string::npos) {
    return fail(ErrorKind::environment, fmt::format("the remote path '{}' is not OWNER/NAME", home->project),
                "name another remote: oe submit ID --remote NAME");
  }
  return home;
}

std::optional<Kind> kind_of_host(const Home& home) {
  const std::string host = host_of(home.web);
  if (host == "github.com" || is_below(host, "ghe.com")) return Kind::github;
  if (host == "gitlab.com") return Kind::gitlab;
  if (host == "gitea.com" || host == "codeberg.org") return Kind::gitea;
  return std::nullopt;
}

std::string api_root(Kind kind, const Home& home) {
  const std::string host = host_of(home.web);
  if (kind == Kind::gitlab) return home.web + "/api/v4";
  if (kind == Kind::gitea) return home.web + "/api/v1";
  if (host == "github.com" || is_below(host, "ghe.com")) return "https://api." + host;
  return home.web + "/api/v3";
}

std::string compare_url(Kind kind, const Home& home, const std::string& base, const std::string& branch) {
  const std::string project = home.web + "/" + home.project;
  const std::string from = percent_encoded(branch, "/");
  const std::string to = percent_encoded(base, "/");
  if (kind == Kind::gitlab) {
    return fmt::format(
        "{}/-/merge_requests/new?merge_request%5Bsource_branch%5D={}&merge_request%5Btarget_branch%5D={}", project,
        from, to);
  }
  return fmt::format("{}/compare/{}...{}{}", project, to, from, kind == Kind::github ? "?expand=1" : "");
}

}  // namespace oe::forge
