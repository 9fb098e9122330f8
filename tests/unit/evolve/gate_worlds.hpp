#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/evolve/gate.hpp"

#include "unit/stats/splitmix.hpp"

namespace oe::evolve {

/// What the simulated workflows are measured by.
inline std::vector<Metric> world_metrics() {
  return {{"success", Direction::higher, Role::goal, Scale::yes_no, 0.1},
          {"duration", Direction::lower, Role::goal, Scale::relative, 0.1, "s"},
          {"cost", Direction::lower, Role::guard, Scale::relative, 0.1, "$"},
          {"retries", Direction::lower, Role::guard, Scale::absolute, 1}};
}

/// One run as its four values.
using SimulatedRun = std::vector<Measured>;

/// Makes pairs; where base and candidate come from the same noise, the candidate changes nothing.
struct World {
  std::string_view name;
  std::function<Pair(SplitMix&, std::size_t)> next;
};

inline Pair pair_of(std::size_t index, SimulatedRun base, SimulatedRun candidate) {
  return {"case-" + std::to_string(index % 10), false, index % 10 >= 8, std::move(base), std::move(candidate)};
}

/// Two runs of the same kind, one after the other.
inline World null_world(std::string_view name, std::function<SimulatedRun(SplitMix&)> run) {
  return {name, [run](SplitMix& random, std::size_t index) {
            SimulatedRun base = run(random);
            return pair_of(index, std::move(base), run(random));
          }};
}

/// About normal: the sum of uniforms.
inline double noise(SplitMix& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

/// A workflow of three nodes, each of which fails in 30 % of its tries and has one more; a run that fails has no
/// duration.
inline SimulatedRun failing_run(SplitMix& random) {
  int retries = 0;
  bool is_good = true;
  for (int node = 0; node < 3 && is_good; ++node)
    if (random.chance(0.3)) {
      ++retries;
      is_good = !random.chance(0.3);
    }
  const double seconds = 10 * std::exp(0.2 * noise(random));
  return {is_good ? 1 : 0, is_good ? Measured(seconds) : std::nullopt, 0.01 * (3 + retries), retries};
}

/// Durations and costs without a mean, as of queues and caches.
inline SimulatedRun heavy_run(SplitMix& random) {
  const double seconds = std::pow(1 - random.uniform(), -1 / 0.9);
  return {random.chance(0.95) ? 1 : 0, seconds, 0.001 * std::pow(1 - random.uniform(), -1 / 1.2), 0};
}

/// Both runs of a pair feel the hour and the case; the hour wanders.
inline World correlated_world() {
  return {"correlated", [hour = 0.0](SplitMix& random, std::size_t index) mutable {
            if (index == 0) hour = 0;
            hour = 0.9 * hour + 0.5 * noise(random);
            const double base_level = hour + 0.3 * static_cast<double>(index % 10);
            const auto run = [&] {
              const double load = base_level + 0.3 * noise(random);
              return SimulatedRun{load < 2 ? 1 : 0, std::exp(load), 0.01, load > 1 ? 1 : 0};
            };
            SimulatedRun base = run();
            return pair_of(index, std::move(base), run());
          }};
}

inline std::vector<World> null_worlds() {
  return {null_world("30 % failing nodes", failing_run), null_world("heavy tails", heavy_run), correlated_world(),
          null_world("all ties",
                     [](SplitMix&) {
                       return SimulatedRun{1, 10, 0.01, 0};
                     }),
          null_world("coin", [](SplitMix& random) {
            return SimulatedRun{random.chance(0.5) ? 1 : 0, random.chance(0.5) ? 5 : 10, 0.01, 0};
          })};
}

/// Success rises from `before` to `after`; a run of the candidate takes `ratio` of the base's time, of about 10 %
/// noise.
inline World planted_world(double before, double after, double ratio) {
  return {"planted", [=](SplitMix& random, std::size_t index) {
            const auto run = [&](double success, double factor) {
              return SimulatedRun{random.chance(success) ? 1 : 0, 10 * factor * std::exp(0.1 * noise(random)), 0.01, 0};
            };
            SimulatedRun base = run(before, 1);
            return pair_of(index, std::move(base), run(after, ratio));
          }};
}

struct Session {
  Verdict::Kind kind = Verdict::Kind::not_enough;
  std::size_t pairs = 0;
};

/// Asks the gate after each pair and stops as soon as it has decided.
inline Session run_session(Gate gate, const World& world, SplitMix& random, std::size_t most_pairs) {
  while (gate.pairs() < most_pairs && !gate.is_decided()) gate.see(world.next(random, gate.pairs()));
  return {gate.is_decided() ? gate.verdict().kind : Verdict::Kind::not_enough, gate.pairs()};
}

/// The share of sessions that open a branch.
inline double share_of_branches(const Gate& gate, const World& world, int sessions, std::size_t most_pairs,
                                std::uint64_t seed) {
  SplitMix random(seed);
  int opened = 0;
  for (int session = 0; session < sessions; ++session) {
    const auto kind = run_session(gate, world, random, most_pairs).kind;
    opened += kind == Verdict::Kind::better || kind == Verdict::Kind::no_worse ? 1 : 0;
  }
  return static_cast<double>(opened) / sessions;
}

}  // namespace oe::evolve
