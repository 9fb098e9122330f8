#include "cli/metric_text.hpp"

#include <chrono>
#include <cmath>
#include <fmt/core.h>

#include "oe/base/time.hpp"

namespace oe::cli {

std::string metric_text(const evolve::Metric& metric, double value) {
  if (metric.scale == evolve::Scale::yes_no) return value == 0 ? "no" : "yes";
  if (metric.unit == "s") return human_duration(std::chrono::microseconds(std::llround(value * 1e6)));
  if (metric.unit == "$") return fmt::format("${:.4f}", value);
  return fmt::format("{:g}{}{}", value, metric.unit.empty() ? "" : " ", metric.unit);
}

std::string gain_text(const evolve::Metric& metric, double gain) {
  if (metric.scale == evolve::Scale::absolute) return fmt::format("{:+g}", gain);
  return fmt::format("{:+.0f} %", gain * 100);
}

}  // namespace oe::cli
