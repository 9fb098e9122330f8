#pragma once

#include <compare>
#include <string>

#include "oe/ledger/run_state.hpp"

namespace oe::evolve {

/// How an attempt failed, as far as `retry_on` can tell failures apart without looking at texts.
struct FailureClass {
  enum class Kind { timeout, signal, exit_code, other };
  Kind kind = Kind::other;
  int number = 0;    ///< of an exit code
  std::string text;  ///< of `other`: its error_signature()
  auto operator<=>(const FailureClass&) const = default;
};

/// Of an attempt that failed or timed out.
FailureClass class_of(const ledger::Attempt& attempt);

/// "exit status 3", "a signal", "a timeout", or the text of the error.
std::string describe(const FailureClass& failure);

}  // namespace oe::evolve
