// What the gate does with simulated candidates: gate_bench [SEED] [SESSIONS]. The same seed prints the same tables.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>

#include "oe/stats/paired.hpp"
#include "oe/stats/sequential.hpp"

#include "unit/evolve/gate_worlds.hpp"

namespace oe::evolve {
namespace {

constexpr std::size_t kCandidates = 8;

struct Counts {
  std::array<int, 4> by_kind{};
  double pairs = 0;
  int sessions = 0;
  double share(Verdict::Kind kind) const { return 100.0 * by_kind[static_cast<std::size_t>(kind)] / sessions; }
};

Counts count(const Gate& gate, const World& world, int sessions, std::size_t most_pairs, std::uint64_t seed) {
  SplitMix random(seed);
  Counts counts;
  for (; counts.sessions < sessions; ++counts.sessions) {
    const Session session = run_session(gate, world, random, most_pairs);
    ++counts.by_kind[static_cast<std::size_t>(session.kind)];
    counts.pairs += static_cast<double>(session.pairs);
  }
  return counts;
}

void print_needed() {
  fmt::print("wins needed\n  {:<28}{:>7}{:>7}{:>7}{:>7}\n", "level", ".05", ".025", ".01", ".005");
  for (const std::size_t losses : {0U, 1U, 2U, 3U}) {
    stats::WinsProcess process;
    for (std::size_t i = 0; i < losses; ++i) process.see(false);
    fmt::print("  {:<28}", fmt::format("beside {} losses", losses));
    for (const double level : {0.05, 0.025, 0.01, 0.005}) fmt::print("{:>7}", stats::wins_to_reject(process, level));
    fmt::print("\n");
  }
}

void print_nulls(std::uint64_t seed, int sessions) {
  fmt::print(
      "\nthe candidate changes nothing: {} sessions, alpha .05, two goals, two guards, looked at after each pair\n",
      sessions);
  fmt::print("  {:<20}{:>8}{:>10}{:>9}{:>13}\n", "world", "pairs", "better %", "worse %", "not enough %");
  for (const std::size_t most : {30U, 200U})
    for (const World& world : null_worlds()) {
      const Counts counts = count(Gate(world_metrics()), world, most > 100 ? sessions / 5 : sessions, most, seed);
      fmt::print("  {:<20}{:>8}{:>10.2f}{:>9.2f}{:>13.2f}\n", world.name, most, counts.share(Verdict::Kind::better),
                 counts.share(Verdict::Kind::worse), counts.share(Verdict::Kind::not_enough));
    }
}

void print_invocations(std::uint64_t seed, int invocations) {
  const auto worlds = null_worlds();
  SplitMix random(seed);
  int opened = 0;
  for (int invocation = 0; invocation < invocations; ++invocation) {
    stats::AlphaBudget budget(0.05);
    const Gate gate(world_metrics(), {.alpha = budget.spend(kCandidates)});
    bool is_any = false;
    for (std::size_t i = 0; i < kCandidates; ++i)
      is_any = run_session(gate, worlds[i % worlds.size()], random, 50).kind == Verdict::Kind::better || is_any;
    opened += is_any ? 1 : 0;
  }
  const auto interval =
      stats::proportion_interval(static_cast<std::size_t>(opened), static_cast<std::size_t>(invocations), 0.95);
  fmt::print(
      "\n{} invocations of {} candidates that change nothing: {} open a branch, {:.2f} % (95 %: {:.2f} to {:.2f})\n",
      invocations, kCandidates, opened, 100.0 * opened / invocations, 100 * interval.low, 100 * interval.high);
}

struct Plant {
  std::string_view name;
  std::size_t goal;  ///< the metric that shows it
  double before;
  double after;
  double ratio;
};
constexpr std::array<Plant, 8> kPlants{{{"success 0 -> 1", 0, 0, 1, 1},
                                        {"success .3 -> 1", 0, 0.3, 1, 1},
                                        {"success .5 -> .95", 0, 0.5, 0.95, 1},
                                        {"success .7 -> 1", 0, 0.7, 1, 1},
                                        {"success .7 -> .9", 0, 0.7, 0.9, 1},
                                        {"duration x .5", 1, 1, 1, 0.5},
                                        {"duration x .75", 1, 1, 1, 0.75},
                                        {"duration x .85", 1, 1, 1, 0.85}}};

/// Only the goal that the plant is about, so that the promise is that of one process.
std::vector<Metric> goal_of(const Plant& plant) {
  std::vector<Metric> metrics = world_metrics();
  for (Metric& metric : metrics) metric.role = Role::guard;
  metrics[plant.goal].role = Role::goal;
  if (plant.goal == 0) metrics[1].margin = 0.6;  // a guard that the noise of the world does not move
  return metrics;
}

struct Shares {
  double wins = 0;  ///< of the pairs that differ
  double differing = 0;
};

Shares measure(const Plant& plant, const World& world, std::uint64_t seed) {
  constexpr std::size_t kDraws = 200'000;
  SplitMix random(seed + 1);
  std::array<double, 4> sides{};
  const Metric metric = goal_of(plant)[plant.goal];
  for (std::size_t i = 0; i < kDraws; ++i) {
    const Pair pair = world.next(random, i);
    ++sides[static_cast<std::size_t>(better_side(metric, pair.base[plant.goal], pair.candidate[plant.goal]))];
  }
  const double differing = sides[0] + sides[1];
  return {sides[0] / differing, differing / static_cast<double>(kDraws)};
}

void print_power(std::uint64_t seed, int sessions) {
  fmt::print("\nplanted effects: alpha .05, one goal, {} sessions each\n", sessions);
  fmt::print("  {:<19}{:>6}{:>8}{:>9}{:>9}{:>16}{:>16}\n", "plant", "wins", "differ", "promised", "mean",
             "found by then", "by twice that");
  for (const Plant& plant : kPlants) {
    const World world = planted_world(plant.before, plant.after, plant.ratio);
    const Shares shares = measure(plant, world, seed);
    const std::size_t promised = stats::pairs_to_reject({}, 0.05, shares.wins, shares.differing).value_or(500);
    const Gate gate(goal_of(plant));
    const auto found = [&](std::size_t pairs) {
      const double power = stats::power_within({}, 0.05, shares.wins, shares.differing, pairs);
      return fmt::format("{:.0f} % ({:.0f} %)", count(gate, world, sessions, pairs, seed).share(Verdict::Kind::better),
                         100 * power);
    };
    const Counts all = count(gate, world, sessions, 500, seed);
    fmt::print("  {:<19}{:>6.2f}{:>8.2f}{:>9}{:>9.1f}{:>16}{:>16}\n", plant.name, shares.wins, shares.differing,
               promised, all.pairs / sessions, found(promised), found(2 * promised));
  }
  fmt::print("  in brackets the share that is promised\n");
}

/// A candidate that is simpler and loses success in some pairs.
void print_claims(std::uint64_t seed, int sessions) {
  fmt::print("\nlighter candidates: alpha .05, \"no worse\" = loses in fewer than 10 % of the pairs, {} sessions\n",
             sessions);
  fmt::print("  {:<19}{:>12}{:>12}{:>12}\n", "pairs that lose", "in 40 pairs", "in 80", "in 160");
  for (const double losing : {0.0, 0.01, 0.02, 0.05, 0.1}) {
    const World world{"claim", [losing](SplitMix& random, std::size_t index) {
                        return pair_of(index, {1, 10, 0.01, 0}, {random.chance(losing) ? 0 : 1, 10, 0.01, 0});
                      }};
    const Gate gate(world_metrics(), {.lighter = "one node fewer"});
    fmt::print("  {:<19}", losing);
    for (const std::size_t pairs : {40U, 80U, 160U})
      fmt::print("{:>10.1f} %", count(gate, world, sessions, pairs, seed).share(Verdict::Kind::no_worse));
    fmt::print("\n");
  }
}

double middle(const std::vector<double>& values) {
  return stats::median(values);
}

/// The forecast after so many pairs, beside the pairs that it then took.
void print_forecast(const Plant& plant, std::size_t after, std::uint64_t seed, int sessions) {
  SplitMix random(seed);
  const World world = planted_world(plant.before, plant.after, plant.ratio);
  std::vector<double> forecasts;
  std::vector<double> took;
  int within = 0;
  for (int session = 0; session < sessions; ++session) {
    Gate gate(goal_of(plant));
    while (gate.pairs() < after && !gate.is_decided()) gate.see(world.next(random, gate.pairs()));
    if (gate.is_decided()) continue;
    const auto forecast = gate.verdict().more_pairs;
    while (gate.pairs() < 500 && !gate.is_decided()) gate.see(world.next(random, gate.pairs()));
    forecasts.push_back(static_cast<double>(forecast.value_or(kMostForecast)));
    took.push_back(static_cast<double>(gate.pairs() - after));
    within += took.back() <= forecasts.back() ? 1 : 0;
  }
  if (took.empty()) return;
  fmt::print("  {:<19}{:>6}{:>10}{:>10.0f}{:>10.0f}{:>11.0f} %\n", plant.name, after, took.size(), middle(forecasts),
             middle(took), 100.0 * within / static_cast<double>(took.size()));
}

void print_forecasts(std::uint64_t seed, int sessions) {
  fmt::print("\nforecasts (medians) of sessions that were not decided by then\n  {:<19}{:>6}{:>10}{:>10}{:>10}{:>13}\n",
             "plant", "after", "sessions", "forecast", "took", "kept");
  for (const Plant& plant : kPlants)
    for (const std::size_t after : {3U, 6U, 12U}) print_forecast(plant, after, seed, sessions);
}

}  // namespace
}  // namespace oe::evolve

int main(int count, char** arguments) {
  const std::uint64_t seed = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 2026;
  const int sessions = count > 2 ? std::max(50, std::atoi(arguments[2])) : 10'000;
  fmt::print("seed {}\n\n", seed);
  oe::evolve::print_needed();
  oe::evolve::print_nulls(seed, sessions);
  oe::evolve::print_invocations(seed, sessions / 10);
  oe::evolve::print_power(seed, sessions / 5);
  oe::evolve::print_claims(seed, sessions / 5);
  oe::evolve::print_forecasts(seed, sessions / 20);
  return 0;
}
