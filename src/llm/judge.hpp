#pragma once

#include <string>
#include <string_view>

#include "oe/base/time.hpp"
#include "oe/http/client.hpp"

#include "llm/route.hpp"
#include "llm/try.hpp"

namespace oe::llm {

/// An answer with another status than 2xx. Tried again as the vendors' clients do: what the server says
/// (x-should-retry) wins, else 408, 409, 429 and 5xx; never when a quota or the money is spent.
Heard judge_status(const Route& route, int status, const http::Headers& head, std::string_view body, Timestamp now);

/// A transfer that broke. Tried again only before any text came, as a text that came is paid for.
Heard judge_failure(const Route& route, const http::Failure& failure, Reply so_far);

/// A body that came whole, with status 2xx.
Heard judge_reply(const Route& route, int status, Reply reply);

}  // namespace oe::llm
