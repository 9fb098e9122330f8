#pragma once

#include <string>

#include "oe/evolve/gate_tally.hpp"

namespace oe::cli {

/// A value of a metric for people: "1.2 s", "$0.0300", "yes", "12".
std::string metric_text(const evolve::Metric& metric, double value);
/// A gain as the metric's scale measures it, with its sign: "+20 %", "-3"; above 0 is better.
std::string gain_text(const evolve::Metric& metric, double gain);

}  // namespace oe::cli
