#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "oe/exec/executor.hpp"

namespace oe::exec {

namespace {

/// What is no number, or less than nothing, says nothing.
std::optional<double> amount(const Value& metrics, std::string_view name) {
  const Value member = metrics.get(name);
  if (!member.json().is_number()) return std::nullopt;
  const auto value = member.json().get<double>();
  if (!std::isfinite(value) || value < 0) return std::nullopt;
  return value;
}

}  // namespace

Spend spend_of(const std::optional<Value>& metrics) {
  Spend spend;
  if (!metrics) return spend;
  const auto in = amount(*metrics, "tokens_in");
  const auto out = amount(*metrics, "tokens_out");
  constexpr double kMost = 1e15;
  if (in || out) spend.tokens = static_cast<std::uint64_t>(std::min(in.value_or(0) + out.value_or(0), kMost));
  spend.usd = amount(*metrics, "cost_usd");
  return spend;
}

}  // namespace oe::exec
