#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "oe/evolve/gate_tally.hpp"

namespace oe::evolve {

// How metrics and pairs of runs are written in proofs and in the record. What reads them throws nlohmann's exceptions.

nlohmann::ordered_json metric_json(const Metric& metric);
Metric metric_in(const nlohmann::json& json);

nlohmann::ordered_json pair_json(const Pair& pair);
/// With a value for each of so many metrics on both sides.
Pair pair_in(const nlohmann::json& json, std::size_t metrics);

}  // namespace oe::evolve
