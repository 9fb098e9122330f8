#pragma once

#include <span>
#include <string>
#include <vector>

#include "evolve/seen.hpp"

namespace oe::evolve {

/// What became of one value of the list that an Each runs over, at all places and in all runs where it stood.
struct ItemHistory {
  Value item;
  std::vector<Seen> failures;  ///< oldest first
  std::size_t succeeded = 0;   ///< attempts
  std::size_t timed_out = 0;   ///< attempts
  std::size_t refused = 0;     ///< attempts that a service sent away because too many came

  /// Failed whenever it was tried, and was never merely too slow or too early.
  bool always_fails() const { return !failures.empty() && succeeded == 0 && timed_out == 0 && refused == 0; }
  const std::string& error() const { return failures.back().attempt->error; }
};

/// In the order of first appearance. Items whose value was not recorded are left out.
std::vector<ItemHistory> item_histories(std::span<const Sighting> sightings);

/// The kind of an item's newest failure: error_signature() with the item's own texts taken out as well.
std::string failure_kind(const ItemHistory& history);
std::string failure_kind(std::string_view error, const Value& item);

}  // namespace oe::evolve
