#pragma once

#include <set>
#include <string>

#include "oe/engine/run.hpp"
#include "oe/ledger/ledger.hpp"

#include "cli/io.hpp"

namespace oe::cli {

/// Passes the events of a run on to its recorder and prints a line as each node ends.
class Progress : public ledger::EventSink {
 public:
  /// With `quiet` nothing is printed.
  Progress(Io& io, ledger::RunRecorder& recorder, const engine::Plan& plan, bool quiet);
  Result<void> record(ledger::RunEvent body) override;
  /// The last line: status, duration, what to type next.
  void finish(const engine::RunSummary& summary);

 private:
  void show(const ledger::NodeFinished& event);
  void show(const ledger::NodeFailed& event);
  void show(const ledger::NodeSkipped& event);
  void show(const ledger::NodeRetrying& event);
  void show(const ledger::NodeActivity& event);
  template <class Other>
  void show(const Other&) {}
  void print(Colour colour, std::string_view word, const NodeId& node, std::string_view rest);
  void print_hint(const std::string& error);

  Io& io_;
  ledger::RunRecorder& recorder_;
  bool quiet_;
  std::size_t width_ = 0;
  std::set<std::string> hints_;  ///< printed already
};

}  // namespace oe::cli
