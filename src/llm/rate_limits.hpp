#pragma once

#include "llm/wire.hpp"

namespace oe::llm {

/// anthropic-ratelimit-{requests,tokens}-{remaining,reset}; a reset is a time of RFC 3339.
Limits anthropic_limits(const http::Headers& head, Timestamp now);
/// x-ratelimit-{limit,remaining,reset}-{requests,tokens}; a reset is a duration like "6m30s" or "20ms". What Azure
/// sends as -1 or as 0 of 0 counts as not said.
Limits openai_limits(const http::Headers& head, Timestamp now);
/// Of APIs that say nothing.
Limits no_limits(const http::Headers& head, Timestamp now);

}  // namespace oe::llm
