#pragma once

#include <string>
#include <string_view>

#include "oe/base/result.hpp"
#include "oe/exec/executor.hpp"
#include "oe/http/client.hpp"

namespace oe::exec {

/// The first request of a source, with its values in place: in the address percent-encoded (but for a placeholder that
/// begins it), in the body as JSON (a string that is just a placeholder becomes the value itself), in headers as they
/// are, and there also the secrets of the node. Errors: input, naming what has no value or cannot be sent.
Result<http::Request> http_request(const graph::HttpSource& source, const AttemptSpec& spec);

/// Every byte that is not unreserved (RFC 3986 section 2.3) as %XX.
std::string percent_encoded(std::string_view text);
/// "https://host:port" of an address; empty when it has none.
std::string_view origin_of(std::string_view url);
/// An address for messages, without query and fragment.
std::string shown_url(std::string_view url);
/// What a reference in an answer from `base` means (RFC 3986 section 5.2; "." and ".." are left to the client).
std::string resolved_url(std::string_view base, std::string_view reference);
/// The address with this query parameter in place of its own of that name.
std::string with_parameter(std::string_view url, std::string_view name, std::string_view value);

}  // namespace oe::exec
