#pragma once

#include <memory>

#include "oe/http/client.hpp"
#include "oe/sys/clock.hpp"

#include "llm/route.hpp"
#include "llm/try.hpp"

namespace oe::llm {

/// Sends a request to the API of a route, which must live as long as the try.
std::unique_ptr<Try> send(http::Client& client, const sys::Clock& clock, const Route& route, const Ask& ask,
                          http::Request request, TryEvents events);

}  // namespace oe::llm
