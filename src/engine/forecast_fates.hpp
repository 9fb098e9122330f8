#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "oe/engine/forecast.hpp"

namespace oe::engine {

/// Whether a node runs, and what that hangs on.
struct FateOf {
  Fate fate = Fate::runs;
  std::vector<std::string> conditions;
  std::string reason;
};

/// The fate of each node of a plan, in its order, when everything succeeds.
std::vector<FateOf> fates(const Plan& plan, const std::optional<std::set<NodeId>>& only);

}  // namespace oe::engine
