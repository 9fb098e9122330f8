#pragma once

#include <string>

#include "oe/evolve/gate.hpp"

namespace oe::evolve {

/// "success 0/7 -> 7/7", "duration 12.1 s -> 7.9 s (-35 %)".
std::string before_and_after(const Metric& metric, const Comparison& shown);
/// "7 wins, 0 losses, e = 75 of 40 needed" of the process that speaks for better, or for worse.
std::string evidence_for_better(const Comparison& shown, double level);
std::string evidence_for_worse(const Comparison& shown, double level);
/// "about 6 more pairs, about $0.12"; "more than 500 more pairs".
std::string words_of_forecast(const Verdict& verdict);

}  // namespace oe::evolve
