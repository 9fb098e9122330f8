#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace oe::engine {

/// Where work stands in the one order that every merge follows, whatever ended first: the topological position of its
/// node, then the item or round of that node's construct (0 where there is none), then the same inside of the
/// construct, and so on. A place sorts right before everything inside of it.
struct Place {
  std::vector<std::uint64_t> steps;

  Place inside(std::uint64_t position, std::uint64_t item) const {
    Place place;
    place.steps.reserve(steps.size() + 2);
    place.steps = steps;
    place.steps.push_back(position);
    place.steps.push_back(item);
    return place;
  }
  /// True for the place itself and everything inside of it.
  bool holds(const Place& other) const {
    return other.steps.size() >= steps.size() && std::equal(steps.begin(), steps.end(), other.steps.begin());
  }
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// Which writes work can see: those that stand before it, but at the depths in `parallel` (an index into pairs of
/// steps: 0 for the outermost) none of other items of the same construct, which run at the same time.
struct View {
  Place before;
  std::vector<std::size_t> parallel;  ///< ascending
};

}  // namespace oe::engine
