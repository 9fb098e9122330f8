#pragma once

#include <map>
#include <set>
#include <string>

#include "oe/engine/run.hpp"
#include "oe/ledger/ledger.hpp"

#include "cli/io.hpp"
#include "cli/waiting.hpp"

namespace oe::cli {

struct ProgressOptions {
  bool quiet = false;    ///< nothing is printed
  bool resumed = false;  ///< the run goes on
};

/// Passes the events of a run on to its recorder and prints a line as each node ends. However many items or rounds
/// there are, a node gets a handful of lines.
class Progress : public ledger::EventSink {
 public:
  /// `open`: the questions of a resumed run that wait from before.
  Progress(Io& io, ledger::RunRecorder& recorder, const engine::Plan& plan, ProgressOptions options,
           OpenQuestions open);
  Result<void> record(ledger::RunEvent body) override;
  Result<void> flush() override { return recorder_.flush(); }
  std::vector<OpenQuestion> waiting() const { return open_.list(); }
  /// The last lines: outputs, what waits, status, duration, what to type next.
  void finish(const engine::RunSummary& summary);

 private:
  void learn(const engine::Plan& plan, const std::string& prefix, bool of_items);
  void show(const ledger::RunFinished& event) { reason_ = event.reason; }
  void show(const ledger::NodeFinished& event);
  void show(const ledger::NodeFailed& event);
  void show(const ledger::NodeSkipped& event);
  void show(const ledger::NodeRetrying& event);
  void show(const ledger::NodeActivity& event);
  void show(const ledger::NodeWaiting& event);
  void show(const ledger::NodeAnswered& event);
  template <class Other>
  void show(const Other&) {}
  bool is_one_too_many(const ledger::At& at);
  void print(Colour colour, std::string_view word, const ledger::At& at, std::string_view rest);
  void print_hint(const std::string& error);
  void print_outputs(const Value& outputs);
  void print_waiting();

  Io& io_;
  ledger::RunRecorder& recorder_;
  ProgressOptions options_;
  OpenQuestions open_;
  std::size_t width_ = 0;
  std::string reason_;                                ///< why the run ended as it did
  std::set<std::string> hints_;                       ///< printed already
  std::set<std::string> of_items_;                    ///< nodes that run once for each item of something around them
  std::map<std::string, std::size_t> lines_;          ///< of items and rounds, by node
  std::map<std::string, std::uint64_t> cached_items_;  ///< by node
};

}  // namespace oe::cli
