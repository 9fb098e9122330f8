#pragma once

#include <string>
#include <tl/expected.hpp>

#include "oe/http/client.hpp"

namespace oe::http {

/// Where a URL points; what messages may say of it.
struct Target {
  std::string host;
  std::string port;
  bool is_tls = false;
  std::string name() const { return host + ":" + port; }
  bool is_this_machine() const;  ///< localhost, a name under it, 127.0.0.0/8 or ::1: no proxy stands before it
};

/// Fails with bad_url, without repeating the URL, which may hold secrets.
tl::expected<Target, Failure> read_target(const std::string& url);

}  // namespace oe::http
