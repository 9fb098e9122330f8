#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/redact.hpp"
#include "oe/llm/client.hpp"
#include "oe/sys/clock.hpp"

namespace oe::llm {

/// Tells people what one call is doing, without keys, and keeps what it told for the record.
class Activities {
 public:
  Activities(const sys::Clock& clock, const Redactor& redactor, Progress progress)
      : clock_(clock), redactor_(redactor), progress_(std::move(progress)) {}

  /// What must not be missed.
  void say(std::string_view line);
  /// What may: told when half a second has passed since anything was told.
  void tick(const std::function<std::string()>& line);

  const std::vector<std::string>& told() const { return told_; }

 private:
  const sys::Clock& clock_;
  const Redactor& redactor_;
  Progress progress_;
  std::optional<std::chrono::microseconds> last_;
  std::vector<std::string> told_;
};

}  // namespace oe::llm
