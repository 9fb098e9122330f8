#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "oe/forge/forge.hpp"
#include "oe/forge/remote_url.hpp"
#include "oe/forge/secret.hpp"

namespace oe::forge {

/// The environment, or what a test puts in its place; nothing for what is not set or empty.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;

/// Where a project lives for people.
struct Home {
  std::string web;      ///< "https://host[:port][/below]", without a slash at its end
  std::string project;  ///< "owner/name", on GitLab "group/sub/.../name"
  friend bool operator==(const Home&, const Home&) = default;
};

/// Nothing when the remote is on no host (a path) and OE_FORGE_URL does not say which forge stands for it. A remote on
/// the host of OE_FORGE_URL is on that forge, whatever port and protocol git uses. Errors: environment (OE_FORGE_URL is
/// no http(s) URL, the path of the remote names no project).
Result<std::optional<Home>> home_of(const RemoteUrl& remote, const Variables& variables);

/// By the host alone; nothing for one that could be anything.
std::optional<Kind> kind_of_host(const Home& home);

/// "https://api.github.com", "https://host/api/v3", "https://host/api/v4", "https://host/api/v1".
std::string api_root(Kind kind, const Home& home);

/// Where people open a request by hand, with base and branch filled in.
std::string compare_url(Kind kind, const Home& home, const std::string& base, const std::string& branch);

struct Token {
  Secret secret;
  std::string source;  ///< "GITHUB_TOKEN", "gh auth token": for messages
  std::string header;  ///< name of the HTTP header that carries it
  std::string prefix;  ///< "Bearer ", "token " or nothing
};

/// The token of the environment that is meant for this very host, and only that; see docs/forges.md for the table.
/// Nothing when there is none, and for any plain-http host but this machine.
std::optional<Token> token_for(Kind kind, const Home& home, const Variables& variables);
/// What `gh auth token --hostname HOST` prints, for GitHub; nothing when gh is missing or logged out.
std::optional<Token> token_of_gh(const Home& home);

/// Asks an unknown host which API it speaks, without a token. Errors: environment: none that oe knows.
Result<Kind> probe(const Home& home);

/// Errors: environment (libcurl cannot be loaded, the path is not one of that forge).
Result<std::unique_ptr<Forge>> connect(Kind kind, const Home& home, Token token);

}  // namespace oe::forge
