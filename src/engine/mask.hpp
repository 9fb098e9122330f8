#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "oe/exec/executor.hpp"
#include "oe/ledger/event.hpp"

namespace oe::engine {

/// Takes the values of secrets out of everything that is kept or shown: each becomes "***", also inside of longer texts
/// and in the names of members. Empty values are not looked for.
class Mask {
 public:
  explicit Mask(const std::map<std::string, std::string>& secrets);

  bool empty() const { return values_.empty(); }
  std::string text(std::string text) const;
  Value value(const Value& value) const;
  exec::AttemptReport report(exec::AttemptReport report) const;
  /// What of an event does not come from a report: arguments, items, questions, answers, texts of tools.
  ledger::RunEvent event(ledger::RunEvent event) const;

 private:
  void hide(std::string& text) const;
  void hide(Value& value) const;
  void hide(std::optional<Value>& value) const;
  void hide(ledger::Question& question) const;

  std::vector<std::string> values_;  ///< longest first, so that one inside of another leaves nothing behind
};

}  // namespace oe::engine
