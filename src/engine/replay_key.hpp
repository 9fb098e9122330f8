#pragma once

#include <filesystem>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"
#include "oe/ledger/replay_store.hpp"

namespace oe::engine {

/// Whether results of a leaf are kept and found again: what the node says, else the run, else its kind (only calls of
/// models, which cost money and whose key holds all that they see; a tool or command may look at anything).
bool is_replayable(const graph::Node& leaf, const graph::Runtime& runtime);

/// Everything that the result of an attempt depends on: the node, the definitions of the models that it may ask (of those
/// that the run knows), each member of its input, the bytes of its files. Errors: environment, when a file cannot be read.
Result<ledger::ReplayKey> replay_key(const graph::Node& leaf, const Value& input, const graph::Models& models,
                                     const std::filesystem::path& directory);

}  // namespace oe::engine
