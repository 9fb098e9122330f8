#pragma once

#include <cstdint>
#include <optional>

#include "oe/graph/graph.hpp"
#include "oe/llm/ask.hpp"
#include "oe/llm/client.hpp"

#include "llm/route.hpp"

namespace oe::llm {

/// US dollars. Cache reads and writes cost what the price says, else as much as other input.
double cost_of(const Usage& usage, const graph::ModelPrice& price);

/// Bytes of all that is sent: the schema counts, as most APIs put it in front of the model.
std::uint64_t prompt_bytes(const Ask& ask);

/// The limit of one answer, in tokens.
std::uint32_t answer_limit(const Ask& ask, const Route& route);

/// See Bound.
Bound bound_of(const Ask& ask, const Route& route);

/// Errors: environment, with figures, when prompt and answer cannot fit into Model::context. The prompt is taken to
/// have a token for every 4 bytes, which is few: English has about as many, code and other languages have more.
Result<void> check_context(const Ask& ask, const Route& route);

}  // namespace oe::llm
