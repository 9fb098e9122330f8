#include "oe/evolve/purse.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/core.h>

#include "oe/base/time.hpp"

namespace oe::evolve {

namespace {

constexpr double kMostNumber = 1e6;

struct Amount {
  double number = 0;
  std::string_view unit;
};

std::optional<Amount> amount_of(std::string_view text) {
  const bool is_dollars = text.starts_with('$');
  if (is_dollars) text.remove_prefix(1);
  Amount amount;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount.number);
  if (error != std::errc() || !(amount.number >= 0) || amount.number > kMostNumber) return std::nullopt;
  amount.unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (is_dollars && !amount.unit.empty()) return std::nullopt;
  return amount;
}

double seconds_in(std::string_view unit) {
  if (unit == "s") return 1;
  if (unit == "min") return 60;
  return unit == "h" ? 3600 : 0;
}

template <class T>
void tighten(std::optional<T>& limit, T more) {
  limit = std::min(limit.value_or(more), more);
}

}  // namespace

Result<void> add_limit(SearchLimits& limits, std::string_view text) {
  const auto amount = amount_of(text);
  const bool is_whole = amount && amount->number == std::floor(amount->number);
  if (amount && amount->unit.empty()) {
    tighten(limits.usd, amount->number);
  } else if (amount && is_whole && (amount->unit == "runs" || amount->unit == "run")) {
    tighten(limits.runs, static_cast<std::size_t>(amount->number));
  } else if (amount && seconds_in(amount->unit) > 0) {
    const auto most = std::chrono::duration<double>(amount->number * seconds_in(amount->unit));
    tighten(limits.time, std::chrono::duration_cast<std::chrono::milliseconds>(most));
  } else {
    return fail(ErrorKind::usage, fmt::format("--budget takes no '{}'", text),
                "say 0.50 or '$0.50' for dollars, 40runs for trial runs, 90s, 10min or 1h for time; "
                "it may be repeated");
  }
  return {};
}

Purse::Purse(const SearchLimits& limits, std::chrono::microseconds now) : limits_(limits), usd_left_(limits.usd) {
  if (limits.time) until_ = now + *limits.time;
}

std::size_t Purse::affords(std::size_t wanted, const Step& step, std::chrono::microseconds now) {
  std::size_t most = wanted;
  std::string by;
  const auto allow = [&](std::size_t steps, const std::string& limit) {
    if (steps >= most) return;
    most = steps;
    by = limit;
  };
  if (limits_.runs && step.runs > 0)
    allow((*limits_.runs - std::min(*limits_.runs, runs_)) / step.runs,
          fmt::format("the limit of {} trial runs ({} were made)", *limits_.runs, runs_));
  if (usd_left_ && step.usd > 0)
    allow(static_cast<std::size_t>(*usd_left_ / step.usd), fmt::format("the budget of ${:.2f}", *limits_.usd));
  if (until_ && now + step.time > *until_)
    allow(0, fmt::format("the limit of {}", human_duration(*limits_.time)));
  if (most == 0 && wanted > 0) ended_by_ = by;
  return most;
}

void Purse::pay(const exec::Spend& more) {
  const auto add = [](auto& sum, const auto& one) {
    if (one) sum = sum.value_or(0) + *one;
  };
  add(spent_.tokens, more.tokens);
  add(spent_.usd, more.usd);
  if (usd_left_) *usd_left_ = std::max(0.0, *usd_left_ - more.usd.value_or(0));
}

void Purse::pay_advisor(double usd) {
  if (usd_left_) *usd_left_ = std::max(0.0, *usd_left_ - usd);
}

void Purse::count_runs(std::size_t runs) {
  runs_ += runs;
}

}  // namespace oe::evolve
