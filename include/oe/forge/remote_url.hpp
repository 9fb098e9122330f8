#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"

namespace oe::forge {

/// A git remote as `git remote get-url` prints it, taken apart. User names and passwords in it are dropped.
struct RemoteUrl {
  enum class Scheme { https, http, ssh, git, file };
  Scheme scheme = Scheme::https;
  std::string host;  ///< lower case; empty for a file; an IPv6 address in its brackets
  std::optional<std::uint16_t> port;
  std::string path;  ///< "group/sub/project": without a slash at either end and without ".git"
  friend bool operator==(const RemoteUrl&, const RemoteUrl&) = default;
};

/// Every form of gitremote(7): scheme://[user[:password]@]host[:port]/path, [user@]host:path, file:///path and plain
/// paths. Errors: environment (no path, a bad port, another scheme), without what the text says before '@'.
Result<RemoteUrl> parse_remote_url(std::string_view text);

}  // namespace oe::forge
