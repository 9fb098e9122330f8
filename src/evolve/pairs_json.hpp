#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

#include "oe/evolve/proposal.hpp"

namespace oe::evolve {

// How metrics, pairs of runs and expectations are written in proofs and in the record. What reads them throws
// nlohmann's exceptions.

nlohmann::ordered_json metric_json(const Metric& metric);
Metric metric_in(const nlohmann::json& json);

nlohmann::ordered_json pair_json(const Pair& pair);
/// With a value for each of so many metrics on both sides.
Pair pair_in(const nlohmann::json& json, std::size_t metrics);

nlohmann::ordered_json expectation_json(const Expectation& expectation);
Expectation expectation_in(const nlohmann::json& json);

}  // namespace oe::evolve
