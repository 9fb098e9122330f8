#pragma once

#include <map>
#include <string>
#include <vector>

#include "oe/base/redact.hpp"
#include "oe/exec/executor.hpp"
#include "oe/ledger/event.hpp"

namespace oe::engine {

/// Takes the values of secrets out of everything that a run keeps or shows.
class Mask {
 public:
  /// `hidden`: values that no node is granted (API keys).
  Mask(const std::map<std::string, std::string>& secrets, std::vector<std::string> hidden);

  bool empty() const { return redactor_.empty(); }
  exec::AttemptReport report(exec::AttemptReport report) const;
  /// What of an event does not come from a report: arguments, items, questions, answers, texts of tools.
  ledger::RunEvent event(ledger::RunEvent event) const;

 private:
  void hide(std::string& text) const;
  void hide(Value& value) const;
  void hide(std::optional<Value>& value) const;
  void hide(ledger::Question& question) const;

  Redactor redactor_;
};

}  // namespace oe::engine
