// What the surgeon makes of damaged diffs, beside `git apply`, its loose flags and `patch` on the same input.
//   surgeon_bench [--trials N] [--seed S] [--peers N] [--show K] [--without-gate]
// Prints a row an engine: right (applied as it was meant, or declined where nothing may be done), what was applied of
// all that was not declined, wrong, refused though a change was wanted, and diffs a second of one processor's time,
// with what the gate takes of it. Then the same for each kind of damage, each rung and each reason.
// --show K: the first K wrong trials in full, and no peers. --without-gate: those of the run in which every reading
// that parses is accepted. Ends with 1 when less than 85 % is right or more than 0.1 % is wrong, with the gate. A hunk
// that stands in several places as it was, before any damage, must be refused; what was meant is right there, too. In
// JavaScript and Markdown nothing but the counts of a header shows a forgotten "-", so that is drawn for YAML only.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fmt/core.h>
#include <unistd.h>

#include "bench/surgeon/peers.hpp"
#include "bench/surgeon/report.hpp"

namespace {

using namespace oe::surgeon;
namespace fs = std::filesystem;

struct Options {
  std::size_t trials = 100'000, peers = 2'000, show = 0;
  std::uint64_t seed = 20261121;
  bool without_gate = false;
};

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--without-gate") {
      options.without_gate = true;
      continue;
    }
    const std::uint64_t number = i + 1 < argc ? std::strtoull(argv[++i], nullptr, 10) : 0;
    if (word == "--trials")
      options.trials = number;
    else if (word == "--seed")
      options.seed = number;
    else if (word == "--peers")
      options.peers = number;
    else if (word == "--show")
      options.show = number;
    else
      std::exit((fmt::print(stderr, "unknown: {}\n", word), 2));
  }
  return options;
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Measured {
  Tally all, first;  ///< of all trials, and of those that the peers get
  Breakdown breakdown;
};

// Trials are made outside of the clock, some hundreds at a time.
Measured measure(const Options& options, bool gate, bool show) {
  Measured measured;
  std::size_t shown = 0;
  for (std::size_t begin = 0; begin < options.trials; begin += 500) {
    std::vector<Trial> trials;
    for (std::size_t i = begin; i < std::min(begin + 500, options.trials); ++i)
      trials.push_back(make_trial(seed_of(options.seed, i)));
    std::vector<Outcome> outcomes;
    outcomes.reserve(trials.size());
    const double start = processor_seconds();
    for (const Trial& trial : trials) outcomes.push_back(operate_on(trial, gate));
    measured.all.seconds += processor_seconds() - start;
    for (std::size_t i = 0; i < trials.size(); ++i) {
      const Verdict verdict = judge(trials[i], files_of(trials[i], outcomes[i]));
      measured.all.add(verdict);
      if (begin + i < options.peers) measured.first.add(verdict);
      measured.breakdown.add(trials[i], outcomes[i], verdict);
      if (show && verdict == Verdict::wrong && shown++ < options.show) print_trial(trials[i], outcomes[i]);
    }
  }
  return measured;
}

Tally measure_peer(const Peer& peer, const Options& options, const fs::path& scratch) {
  Tally tally;
  const double start = static_cast<double>(time(nullptr));
  for (std::size_t i = 0; i < std::min(options.peers, options.trials); ++i) {
    const Trial trial = make_trial(seed_of(options.seed, i));
    const Applied applied = apply(peer, trial, scratch);
    tally.add(judge(trial, applied.files));
    tally.half += applied.half;
  }
  tally.seconds = static_cast<double>(time(nullptr)) - start;
  return tally;
}

void compare(const Options& options, const Tally& ours, const Tally& ungated) {
  std::string name = (fs::temp_directory_path() / "oe-surgeon-XXXXXX").string();
  const fs::path scratch = mkdtemp(name.data());
  fmt::print("\nthe first {} of them; the speed of the others holds the start of a process\n", ours.total());
  print_head();
  print_row("oe", ours);
  print_row("oe, every reading taken", ungated);
  for (const Peer& peer : all_peers()) print_row(peer.name, measure_peer(peer, options, scratch));
  fs::remove_all(scratch);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = options_of(argc, argv);
  fmt::print("seed {}, {} diffs\n", options.seed, options.trials);
  const Measured gated = measure(options, true, !options.without_gate);
  const Measured ungated = measure(options, false, options.without_gate);
  print_head();
  print_row("oe", gated.all);
  print_row("oe, every reading taken", ungated.all);
  if (options.show == 0 && options.peers > 0) compare(options, gated.first, ungated.first);
  print(options.without_gate ? ungated.breakdown : gated.breakdown);
  const bool good = gated.all.share(gated.all.right()) >= 85 && gated.all.share(gated.all.wrong) <= 0.1;
  return good ? 0 : 1;
}
