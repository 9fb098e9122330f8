#pragma once

#include <string>
#include <utility>
#include <vector>

#include "oe/exec/executor.hpp"

#include "cli/waiting.hpp"

namespace oe::cli {

/// What the events of a run tell beside its RunState: who answered what, where it was taken up again, what it cost.
struct RunStory {
  std::vector<std::pair<Timestamp, ledger::NodeAnswered>> answers;
  std::vector<std::pair<Timestamp, ledger::RunResumed>> sessions;  ///< without the first
  OpenQuestions open;
  exec::Spend spent;         ///< by this run
  std::uint64_t cached = 0;  ///< attempts that were not needed, single items included
  std::uint64_t reused = 0;  ///< nodes and items that come from `base_run`
  std::string base_run;      ///< of --only and --from; empty without

  void add(const ledger::Event& event);
};

/// "1200 tokens, $0.0300"; empty where nothing is known.
std::string spent_text(const exec::Spend& spent);

nlohmann::ordered_json spent_json(const exec::Spend& spent);

}  // namespace oe::cli
