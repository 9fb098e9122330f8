#include "evolve/trial_record.hpp"

#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

namespace oe::evolve {

namespace {

constexpr std::string_view kTrialPrefix = "t-";
constexpr std::size_t kLargestTrial = std::size_t{256} << 20;

}  // namespace

bool is_trial(const RunId& run) {
  return run.text.starts_with(kTrialPrefix);
}

std::filesystem::path trial_file(const std::filesystem::path& trials, const RunId& trial) {
  return trials / (trial.text.substr(kTrialPrefix.size()) + ".jsonl");
}

Result<void> read_trial(const std::filesystem::path& trials, const RunId& trial,
                        const std::function<void(const ledger::Event&)>& each) {
  OE_TRY(const std::string text, sys::read_file(trial_file(trials, trial), kLargestTrial));
  std::size_t number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const auto event = ledger::parse_event(line);
    if (!event)
      return fail(ErrorKind::input, fmt::format("the journal of trial {} is broken in line {}: {}", trial.text, number,
                                                event.error().message()));
    each(*event);
  }
  return {};
}

Result<ledger::RunState> trial_state(const std::filesystem::path& trials, const RunId& trial) {
  ledger::Fold fold;
  OE_CHECK(read_trial(trials, trial, [&](const ledger::Event& event) { fold.add(event); }));
  return std::move(fold).take();
}

}  // namespace oe::evolve
