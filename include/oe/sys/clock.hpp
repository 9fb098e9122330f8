#pragma once

#include <chrono>

#include "oe/base/time.hpp"

namespace oe::sys {

/// Where time comes from; tests put their own in its place.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
  /// Never goes back; only differences mean anything.
  virtual std::chrono::microseconds monotonic() const = 0;
};

/// The machine's clocks. Stateless, lives for the whole process.
const Clock& system_clock();

}  // namespace oe::sys
