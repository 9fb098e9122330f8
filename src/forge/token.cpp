#include <algorithm>
#include <array>
#include <chrono>

#include "oe/base/text.hpp"
#include "oe/forge/connect.hpp"
#include "oe/sys/process.hpp"

#include "forge/web.hpp"

namespace oe::forge {

namespace {

/// One variable that may hold a token, and the hosts that it is for: one by its name, the others named by variables
/// that a CI system or the user sets to a host or a URL.
struct TokenSource {
  const char* variable;
  Kind kind;
  std::array<const char*, 2> hosts;
  std::array<const char*, 2> named_by;
};
constexpr std::array<TokenSource, 8> kSources{{
    {"GITHUB_TOKEN", Kind::github, {"github.com", nullptr}, {"GITHUB_SERVER_URL", nullptr}},
    {"GH_TOKEN", Kind::github, {"github.com", nullptr}, {"GITHUB_SERVER_URL", nullptr}},
    {"GH_ENTERPRISE_TOKEN", Kind::github, {nullptr, nullptr}, {"GH_HOST", nullptr}},
    {"GITLAB_TOKEN", Kind::gitlab, {"gitlab.com", nullptr}, {"CI_SERVER_URL", "GITLAB_HOST"}},
    {"CI_JOB_TOKEN", Kind::gitlab, {nullptr, nullptr}, {"CI_SERVER_URL", nullptr}},
    {"GITEA_TOKEN", Kind::gitea, {"gitea.com", nullptr}, {"GITEA_SERVER_URL", "GITHUB_SERVER_URL"}},
    {"FORGEJO_TOKEN", Kind::gitea, {"codeberg.org", nullptr}, {"FORGEJO_SERVER_URL", "GITHUB_SERVER_URL"}},
    {"GITHUB_TOKEN", Kind::gitea, {nullptr, nullptr}, {"GITHUB_SERVER_URL", nullptr}},
}};
constexpr std::chrono::seconds kMostOfGh{10};

// With a port the whole origin counts, without one the host.
bool names_host(const std::string& named, const Home& home) {
  const std::string url = named.find("://") == std::string::npos ? "https://" + named : named;
  return origin_part(url) == origin_part(home.web) ||
         (url.find(':', url.find("://") + 3) == std::string::npos && host_of(url) == host_of(home.web));
}

bool is_for(const TokenSource& source, const Home& home, const Variables& variables) {
  const std::string host = host_of(home.web);
  for (const char* known : source.hosts)
    if (known != nullptr && host == known) return true;
  for (const char* variable : source.named_by) {
    const auto named = variable == nullptr ? std::nullopt : variables(variable);
    if (named && names_host(*named, home)) return true;
  }
  return false;
}

Token token(Kind kind, const std::string& source, std::string text) {
  Token made{.secret = Secret(std::move(text)), .source = source, .header = "authorization", .prefix = "Bearer "};
  if (kind == Kind::gitea) made.prefix = "token ";
  if (kind != Kind::gitlab) return made;
  made.header = source == "CI_JOB_TOKEN" ? "job-token" : "private-token";
  made.prefix.clear();
  return made;
}

bool may_be_sent(const Home& home) {
  return home.web.starts_with("https://") || is_this_machine(host_of(home.web));
}

}  // namespace

std::optional<Token> token_for(Kind kind, const Home& home, const Variables& variables) {
  if (!may_be_sent(home)) return std::nullopt;
  const auto url = variables("OE_FORGE_URL");
  if (const auto own = variables("OE_FORGE_TOKEN"); own && url && origin_part(*url) == origin_part(home.web))
    return token(kind, "OE_FORGE_TOKEN", *own);
  for (const TokenSource& source : kSources) {
    const auto text = source.kind == kind ? variables(source.variable) : std::nullopt;
    if (text && is_for(source, home, variables)) return token(kind, source.variable, *text);
  }
  return std::nullopt;
}

std::optional<Token> token_of_gh(const Home& home) {
  if (!may_be_sent(home) || !sys::find_program("gh")) return std::nullopt;
  sys::ProcessSpec spec;
  spec.argv = {"gh", "auth", "token", "--hostname", host_of(home.web)};
  spec.directory = "/";
  spec.timeout = kMostOfGh;
  const auto exit = sys::run_process(std::move(spec));
  if (!exit || exit->code != 0) return std::nullopt;
  const std::string text(trim(exit->out));
  if (text.empty() || text.find_first_of(" \n\r\t") != std::string::npos) return std::nullopt;
  return token(Kind::github, "gh auth token", text);
}

}  // namespace oe::forge
