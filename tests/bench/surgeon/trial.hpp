#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/surgeon/kinds.hpp"

namespace oe::surgeon {

using Files = std::map<std::string, std::string>;

/// What the model was asked for; the gate holds a reading against it.
enum class Promise { one_added, one_changed, any };

/// A damaged diff and what is right. `intended` are the files as they were meant to be. When the damage took away what
/// is needed to know that, or nothing may be done, `must_refuse` says so: a refusal is right then, and so is what was
/// intended (it was found by other means); anything else is wrong.
struct Trial {
  std::uint64_t seed = 0;
  std::vector<Kind> kinds;
  Files base;
  std::optional<Files> intended;  ///< nothing: no result is right
  bool must_refuse = false;
  std::string text;
  std::string target;
  bool was_cut_off = false;
  Promise promise = Promise::any;
};

/// The same trial for the same seed, everywhere. Without `damage` the diff is right as it is.
Trial make_trial(std::uint64_t seed, bool damage = true);
/// The seed of the trial at a place in the sequence that a seed begins.
std::uint64_t seed_of(std::uint64_t seed, std::uint64_t index);
std::string name_of(const Trial& trial);

}  // namespace oe::surgeon
