// What it costs to check one proposal without a trial, and to make the worktree of a trial, in this process.
// proposal_bench DIRECTORY WORKFLOW NODE: medians, in ms. tests/bench/proposal.sh makes the repositories and the peer.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/core.h>

#include "oe/evolve/judge.hpp"
#include "oe/sys/clock.hpp"

#include "evolve/needed_paths.hpp"

namespace {

using namespace oe;
using SteadyClock = std::chrono::steady_clock;
constexpr int kRounds = 21;

template <class T>
T must(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "proposal_bench: {}\n", result.error().to_string());
  std::exit(1);
}

template <class Work>
double median_ms(const Work& work) {
  std::vector<double> taken;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = SteadyClock::now();
    work(round);
    taken.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count());
  }
  std::sort(taken.begin(), taken.end());
  return taken[taken.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const git::Place place = must(git::find_place(argv[1]));
  const auto repository = must(git::open_repository(place));
  const std::filesystem::path worktrees = place.main_root / ".openexpertise/worktrees";
  const evolve::JudgeContext context{.repository = *repository,
                                     .clock = sys::system_clock(),
                                     .identity = {"Ada Tester", "ada@example.com"},
                                     .worktrees = worktrees,
                                     .trials = place.main_root / ".openexpertise/trials",
                                     .root = place.main_root};
  // From the commit on, as an invocation does it once and a hook each time.
  const double checking = median_ms([&](int round) {
    const evolve::Base base = must(evolve::read_base(*repository, *place.head, argv[2]));
    const evolve::Operation operation =
        evolve::TuneParam{.set = {.node = {argv[3]}, .name = "timeout_ms", .value = Value::of(5000 + round)}};
    const evolve::Patch patch = must(evolve::render(*repository, base, operation));
    must(evolve::check(context, base, operation, patch));
  });
  const evolve::Base base = must(evolve::read_base(*repository, *place.head, argv[2]));
  const auto only = must(evolve::needed_paths(*repository, base));
  const double worktree = median_ms([&](int round) {
    must(repository->add_worktree(worktrees, fmt::format("bench-{}", round), base.commit, only));
  });
  fmt::print("check {:.2f} worktree {:.2f}\n", checking, worktree);
}
