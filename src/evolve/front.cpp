#include "evolve/front.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace oe::evolve {

namespace {

/// Less may be noise of a mean over a few pairs.
constexpr double kNoticeable = 0.1;

using Key = std::pair<std::string, std::string>;

std::set<Key> keys_of(const std::vector<Standing>& candidates) {
  std::set<Key> keys;
  for (const Standing& one : candidates)
    for (const auto& [key, gain] : one.gains) keys.insert(key);
  return keys;
}

// A case counts where a gain is to be seen and nobody gains noticeably more.
std::size_t cases_led(const Standing& one, const std::vector<Standing>& candidates) {
  std::set<std::string> led;
  for (const auto& [key, gain] : one.gains) {
    const bool is_beaten = std::ranges::any_of(
        candidates, [&](const Standing& other) { return other.gain(key) > gain + kNoticeable; });
    if (gain > kNoticeable && !is_beaten) led.insert(key.first);
  }
  return led.size();
}

}  // namespace

double Standing::gain(const Key& key) const {
  const auto found = gains.find(key);
  return found == gains.end() ? 0 : found->second;
}

double Standing::total() const {
  double sum = 0;
  for (const auto& [key, gain] : gains) sum += gain;
  return sum;
}

Standing read_standing(const Value& cases) {
  Standing standing;
  for (const auto& entry : cases.json()) {
    if (!entry.is_object()) continue;
    const Value one(entry);
    const nlohmann::json gain = one.get("gain").json();
    const std::string name = one.get("case").string_or(""), metric = one.get("metric").string_or("");
    if (gain.is_number() && !name.empty()) standing.gains[{name, metric}] = gain.get<double>();
  }
  return standing;
}

Standing stacked(Standing parent, const Standing& change) {
  for (const auto& [key, gain] : change.gains) parent.gains[key] += gain;
  return parent;
}

bool dominates(const Standing& a, const Standing& b) {
  bool is_better = false;
  for (const Key& key : keys_of({a, b})) {
    const double lead = a.gain(key) - b.gain(key);
    if (lead < -kNoticeable) return false;
    is_better = is_better || lead > kNoticeable;
  }
  return is_better;
}

std::vector<std::size_t> front(const std::vector<Standing>& candidates) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto dominated = [&](const Standing& other) { return dominates(other, candidates[i]); };
    const auto alike = [&](std::size_t other) { return candidates[other] == candidates[i]; };
    if (std::ranges::none_of(candidates, dominated) && std::ranges::none_of(members, alike)) members.push_back(i);
  }
  const auto rank = [&](std::size_t i) {
    return std::pair(cases_led(candidates[i], candidates), candidates[i].total());
  };
  std::ranges::stable_sort(members, [&](std::size_t a, std::size_t b) { return rank(a) > rank(b); });
  return members;
}

}  // namespace oe::evolve
