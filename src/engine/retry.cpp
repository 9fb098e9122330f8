#include "engine/retry.hpp"

#include <algorithm>

#include "oe/graph/expression.hpp"

namespace oe::engine {

using ledger::Outcome;

namespace {

/// No wait for another attempt is longer; past it timers overflow.
constexpr std::chrono::milliseconds kLongestDelay = std::chrono::hours(24 * 30);

template <class T>
bool names(const std::vector<T>& list, const std::optional<T>& value) {
  return value && std::ranges::find(list, *value) != list.end();
}

bool is_worth_it(const graph::RetryOn& on, const exec::AttemptReport& report) {
  if (on.everything()) return true;
  if (on.timeout && report.outcome == Outcome::timed_out) return true;
  if (report.outcome == Outcome::timed_out) return false;
  if (on.signal && report.signal) return true;
  if (names(on.exit_codes, report.exit_code) || names(on.http_statuses, report.http_status)) return true;
  return std::ranges::any_of(on.output, [&](const std::string& text) {
    const auto pattern = graph::Pattern::compile(text);
    return pattern && (pattern->found_in(report.error) || pattern->found_in(report.output));
  });
}

}  // namespace

bool is_tried_again(const graph::OnError& policy, std::uint32_t attempt, const exec::AttemptReport& report) {
  return is_failure(report.outcome) && policy.policy == graph::ErrorPolicy::retry && attempt < policy.attempts &&
         is_worth_it(policy.retry_on, report);
}

std::chrono::milliseconds delay_after(const graph::OnError& policy, std::uint32_t failures, double draw) {
  const std::uint64_t factor =
      policy.backoff == graph::Backoff::linear ? failures : std::uint64_t{1} << std::min(failures - 1, 62u);
  const auto base = static_cast<std::uint64_t>(std::max<std::int64_t>(policy.base.count(), 0));
  const auto longest = static_cast<std::uint64_t>(std::min(policy.cap.value_or(kLongestDelay), kLongestDelay).count());
  const std::uint64_t whole = base > longest / factor ? longest : base * factor;
  const double share = policy.jitter ? draw : 1.0;
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(whole) * share));
}

}  // namespace oe::engine
