#include "llm/limiter.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace oe::llm {

namespace {

using std::chrono::milliseconds;

// A longer wait is not kept silently: the call goes, and the server says itself how long it wants.
constexpr milliseconds kLongest{60'000};

/// How long a limit forbids more calls.
milliseconds wait_of(const std::optional<std::uint64_t>& left, const std::optional<milliseconds>& reset) {
  const bool is_used_up = left == 0U && reset && *reset <= kLongest;
  return is_used_up ? *reset : milliseconds(0);
}

}  // namespace

Limiter::~Limiter() {
  if (timer_) loop_.cancel(*timer_);
}

std::uint64_t Limiter::enter(Wish wish) {
  const std::uint64_t place = wish.place.value_or(last_ + 1);
  last_ = std::max(last_, place);
  waiting_.insert_or_assign(place, std::move(wish));
  wake(held());
  return place;
}

void Limiter::leave(std::uint64_t place) {
  waiting_.erase(place);
  const auto found = going_.find(place);
  if (found == going_.end()) return;
  --in_lane_[found->second];
  going_.erase(found);
  if (!waiting_.empty()) wake(held());
}

void Limiter::take(const Limits& limits) {
  hold(std::max(wait_of(limits.requests, limits.requests_reset), wait_of(limits.tokens, limits.tokens_reset)));
}

void Limiter::hold(milliseconds duration) {
  if (duration > milliseconds(0)) not_before_ = std::max(not_before_, clock_.monotonic() + duration);
}

milliseconds Limiter::held() const {
  const auto left = not_before_ - clock_.monotonic();
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(left));
}

void Limiter::wake(milliseconds after) {
  const auto at = clock_.monotonic() + after;
  if (timer_ && timer_at_ <= at) return;
  if (timer_) loop_.cancel(*timer_);
  timer_at_ = at;
  timer_ = loop_.after(after, [this] {
    timer_.reset();
    pump();
  });
}

bool Limiter::has_room(const Wish& wish) const {
  const auto lane = in_lane_.find(wish.lane);
  return !wish.most || lane == in_lane_.end() || lane->second < *wish.most;
}

void Limiter::pump() {
  if (held() > milliseconds(0)) return wake(held());
  std::vector<std::pair<std::uint64_t, std::function<void()>>> ready;
  for (auto next = waiting_.begin(); next != waiting_.end();) {
    Wish& wish = next->second;
    if (!has_room(wish)) {
      ++next;
      continue;
    }
    ++in_lane_[wish.lane];
    going_.emplace(next->first, wish.lane);
    ready.emplace_back(next->first, std::move(wish.go));
    next = waiting_.erase(next);
  }
  for (const auto& [place, go] : ready)
    if (going_.contains(place)) go();  // an earlier one may have made it leave
}

}  // namespace oe::llm
