#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "oe/doc/edit.hpp"

namespace oe::doc {

/// The order of the keys of a new mapping: as the sibling that shares most keys with it has them (the first of equals),
/// the others where the asked order has them, the rest behind. `siblings` that are no mappings do not count.
KeyOrder key_order_of(const nlohmann::json& mapping, const std::vector<const Node*>& siblings, const KeyOrder& asked);

}  // namespace oe::doc
