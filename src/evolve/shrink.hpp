#pragma once

#include <cstddef>
#include <functional>

#include "oe/base/value.hpp"

namespace oe::evolve {

/// Makes a JSON value smaller as long as `still_fails` holds for it: members and items are taken out, texts cut,
/// numbers set to 0, greedily and top down, after the idea of delta debugging (Zeller and Hildebrandt, 2002).
/// Deterministic. Asks at most `most_asks` times; every value that is given back was asked about, but for the original.
Value shrink(const Value& original, const std::function<bool(const Value&)>& still_fails, std::size_t most_asks);

}  // namespace oe::evolve
