#pragma once

#include <optional>
#include <vector>

#include "evolve/seen.hpp"

namespace oe::evolve {

/// What the runs tell of how many items of a fan-out a service takes at a time. Runs in which the node was the same but
/// for `for_each.concurrency` count, too.
struct RateLimit {
  std::vector<Seen> refused;            ///< attempts that were sent away for coming too fast, oldest first
  std::optional<std::uint32_t> lowest;  ///< the fewest at a time with which that happened
  std::uint32_t clean = 1;              ///< the most at a time, below `lowest`, with which it never did

  /// The most at a time that nothing speaks against.
  std::uint32_t most(std::uint32_t wanted) const;
};

RateLimit rate_limit(const Evidence& evidence, const graph::Node& node);

}  // namespace oe::evolve
