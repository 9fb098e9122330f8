#pragma once

#include <memory>
#include <string>

#include "oe/ledger/ledger.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::evolve::test {

using git::error_of;
using git::must;

/// A repository with a small workflow and a ledger whose runs the test writes: what the past looks like is up to it.
class PastWorld {
 public:
  PastWorld() {
    repo.write(kPath, workflow("1000"));
    repo.commit("the workflow");
    ledger = std::make_unique<ledger::Ledger>(must(ledger::Ledger::open(repo.root(), sys::system_clock())));
  }

  /// A run as it could have been: `fetch` fails or not, and the whole takes so long.
  struct RunSpec {
    bool succeeds = true;
    std::chrono::milliseconds duration{1000};
    std::string args = "{}";
    std::string head = {};     ///< empty: HEAD
    std::string content = {};  ///< of all that runs
    bool dirty = false;
    std::string text = {};  ///< of the workflow; empty: what is on the disk
  };
  RunId run(const RunSpec& spec) {
    auto recorder = must(ledger->start_run());
    const std::string text = spec.text.empty() ? repo.read(kPath) : spec.text;
    ledger::RunStarted start{.args = must(Value::parse(spec.args)),
                             .workflow = kPath,
                             .workflow_digest = must(ledger->keep_source(text)),
                             .content = spec.content,
                             .head = spec.head.empty() ? repo.rev("HEAD").text : spec.head,
                             .dirty = spec.dirty};
    must(recorder->record(start));
    const ledger::At at{.node = {"fetch"}};
    must(recorder->record(ledger::NodeReady{at}));
    must(recorder->record(ledger::NodeStarted{at}));
    if (spec.succeeds)
      must(recorder->record(ledger::NodeFinished{at}));
    else
      must(recorder->record(ledger::NodeFailed{.at = at, .error = "asleep"}));
    must(recorder->record(ledger::RunFinished{
        spec.succeeds ? ledger::RunStatus::success : ledger::RunStatus::failed, spec.duration}));
    must(recorder->close());
    return recorder->id();
  }
  RunId run() { return run(RunSpec{}); }
  void runs(std::size_t count, const RunSpec& spec) {
    for (std::size_t i = 0; i < count; ++i) run(spec);
  }

  /// The workflow with a timeout, and whatever lines more.
  static std::string workflow(const std::string& timeout_ms, const std::string& more = {}) {
    return "name: past\nversion: 0.1.0\nstate: { schema: {} }\ngraph:\n  nodes:\n    - id: fetch\n      kind: command\n"
           "      run: [sh, -c, 'true']\n      timeout_ms: " + timeout_ms + "\n" + more + "  edges: []\n";
  }
  void say(const std::string& fingerprint, ledger::ProposalBody body) {
    must(ledger->record({{fingerprint}, sys::system_clock().now(), std::move(body)}));
  }

  static constexpr const char* kPath = "flows/experience.yaml";
  git::TempRepo repo;
  std::unique_ptr<ledger::Ledger> ledger;
};

}  // namespace oe::evolve::test
