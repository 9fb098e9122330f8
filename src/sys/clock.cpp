#include "oe/sys/clock.hpp"

namespace oe::sys {
namespace {

class MachineClock final : public Clock {
 public:
  Timestamp now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  std::chrono::microseconds monotonic() const override {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }
};

}  // namespace

const Clock& system_clock() {
  static const MachineClock clock;
  return clock;
}

}  // namespace oe::sys
