#include "bench/surgeon/report.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace oe::surgeon {
namespace {

// The lines in which two texts differ, with the first line's number; enough to see what went wrong.
void print_difference(const std::string& path, const std::string& wanted, const std::string& got) {
  if (wanted == got) return;
  std::size_t head = 0, tail = 0;
  while (head < std::min(wanted.size(), got.size()) && wanted[head] == got[head]) ++head;
  while (tail < std::min(wanted.size(), got.size()) - head &&
         wanted[wanted.size() - 1 - tail] == got[got.size() - 1 - tail])
    ++tail;
  std::size_t begin = head;
  for (int lines = 0; begin > 0 && lines < 3; --begin) lines += wanted[begin - 1] == '\n';
  fmt::print("--- {} wanted:\n{}\n--- {} came out:\n{}\n", path, wanted.substr(begin, wanted.size() - tail - begin),
             path, got.substr(begin, got.size() - tail - begin));
}

void print_result(const Trial& trial, const Outcome& outcome) {
  const auto result = files_of(trial, outcome);
  if (!result) {
    fmt::print("refused: {} {}\n", patch::to_string(outcome.error().reason), outcome.error().message);
    return;
  }
  fmt::print("rungs:");
  for (const patch::Rung rung : outcome->rungs) fmt::print(" {}", patch::to_string(rung));
  fmt::print("\n");
  const Files& wanted = trial.intended ? *trial.intended : trial.base;
  for (const auto& [path, bytes] : *result) {
    const auto file = wanted.find(path);
    print_difference(path, file == wanted.end() ? "" : file->second, bytes);
  }
}

}  // namespace

void Tally::add(Verdict verdict) {
  applied += verdict == Verdict::applied;
  declined += verdict == Verdict::declined;
  wrong += verdict == Verdict::wrong;
  refused += verdict == Verdict::refused;
}

double Tally::share(std::size_t part) const {
  return total() == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(total());
}

double Tally::share_applied() const {
  return total() == declined ? 0 : 100.0 * static_cast<double>(applied) / static_cast<double>(total() - declined);
}

void Breakdown::add(const Trial& trial, const Outcome& outcome, Verdict verdict) {
  for (const Kind kind : trial.kinds) kinds[kind].add(verdict);
  if (!outcome) return reasons[outcome.error().reason].add(verdict);
  for (const patch::Rung rung : outcome->rungs) rungs[rung].add(verdict);
}

void print_head() {
  fmt::print("{:<44} {:>7} {:>9} {:>9} {:>9} {:>8} {:>7} {:>9} {:>5} {:>9}\n", "", "diffs", "right %", "applied",
             "of them %", "declined", "wrong", "wrong %", "ref %", "diffs/s");
}

void print_row(const std::string& name, const Tally& tally) {
  fmt::print("{:<44} {:>7} {:>9.2f} {:>9} {:>9.2f} {:>8} {:>7} {:>9.3f} {:>5.1f}", name, tally.total(),
             tally.share(tally.right()), tally.applied, tally.share_applied(), tally.declined, tally.wrong,
             tally.share(tally.wrong), tally.share(tally.refused));
  if (tally.seconds > 0) fmt::print(" {:>9.0f}", static_cast<double>(tally.total()) / tally.seconds);
  fmt::print("{}\n", tally.half > 0 ? fmt::format("  ({} left half patched)", tally.half) : "");
}

void print(const Breakdown& breakdown) {
  fmt::print("\nby kind of damage (its weight as the first one; its row)\n");
  print_head();
  for (const KindRow& row : all_kinds())
    if (const auto kind = breakdown.kinds.find(row.kind); kind != breakdown.kinds.end())
      print_row(fmt::format("{} ({}; {})", row.name, row.weight, row.row), kind->second);
  fmt::print("\nby rung that was needed\n");
  for (const auto& [rung, tally] : breakdown.rungs) print_row(std::string(patch::to_string(rung)), tally);
  fmt::print("\nby reason of a refusal\n");
  for (const auto& [reason, tally] : breakdown.reasons) print_row(std::string(patch::to_string(reason)), tally);
}

void print_trial(const Trial& trial, const Outcome& outcome) {
  fmt::print("\n==== trial {}: {}{}{}\n{}\n", trial.seed, name_of(trial), trial.must_refuse ? ", must refuse" : "",
             trial.was_cut_off ? ", cut off" : "", trial.text);
  print_result(trial, outcome);
}

}  // namespace oe::surgeon
