#pragma once

#include <string>
#include <string_view>

namespace oe::forge {

/// Of an absolute URL: "host", without port, lower case as it stands there.
std::string host_of(std::string_view url);
/// "scheme://host[:port]".
std::string_view origin_part(std::string_view url);
/// RFC 3986 section 2: everything but unreserved characters and those of `also` as %XX.
std::string percent_encoded(std::string_view text, std::string_view also = "");
/// Whether the host is this machine: localhost, 127.x.x.x, [::1].
bool is_this_machine(std::string_view host);

}  // namespace oe::forge
