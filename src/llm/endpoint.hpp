#pragma once

#include <string_view>

#include "llm/provider.hpp"
#include "llm/route.hpp"

namespace oe::llm {

/// "http://localhost:11434" of "localhost:11434/": with a scheme, without a slash at the end; an address that means
/// "all of this machine" becomes the machine itself.
std::string tidy_url(std::string_view url);

/// True when the host of a URL is this machine or in a private network (RFC 1918, names without a dot, *.local).
bool is_local(std::string_view url);

/// Fills in wire, endpoint and `unusable` of a route whose model is settled. OPENAI_BASE_URL brings provider openai to
/// the wire of Chat Completions, which is what the servers speak that people set it for. With `is_replaying` no key and
/// no address is wanted. Errors: environment: no address.
Result<void> settle_endpoint(Route& route, const Variables& environment, bool is_replaying);

}  // namespace oe::llm
