#include "evolve/failure_class.hpp"

#include <fmt/core.h>

#include "evolve/signature.hpp"

namespace oe::evolve {

FailureClass class_of(const ledger::Attempt& attempt) {
  using Kind = FailureClass::Kind;
  if (attempt.outcome == ledger::Outcome::timed_out) return {Kind::timeout, 0, {}};
  if (attempt.facts.signal) return {Kind::signal, 0, {}};
  if (attempt.facts.exit_code.value_or(0) != 0) return {Kind::exit_code, *attempt.facts.exit_code, {}};
  return {Kind::other, 0, error_signature(attempt.error)};
}

std::string describe(const FailureClass& failure) {
  switch (failure.kind) {
    case FailureClass::Kind::timeout:
      return "a timeout";
    case FailureClass::Kind::signal:
      return "a signal";
    case FailureClass::Kind::exit_code:
      return fmt::format("exit status {}", failure.number);
    case FailureClass::Kind::other:
      break;
  }
  return fmt::format("\"{}\"", failure.text);
}

}  // namespace oe::evolve
