#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace oe::engine {

/// A row of numbers of which the first few need no memory of their own: places are the keys of trees with an entry for
/// each node, and nearly every one is that short.
class Steps {
 public:
  Steps() = default;
  Steps(const std::uint64_t* begin, const std::uint64_t* end) {
    while (begin != end) push_back(*begin++);
  }

  std::size_t size() const { return size_; }
  const std::uint64_t* begin() const { return size_ <= kNear ? near_.data() : far_.data(); }
  const std::uint64_t* end() const { return begin() + size_; }
  std::uint64_t& back() { return size_ <= kNear ? near_[size_ - 1] : far_.back(); }
  void push_back(std::uint64_t step) {
    if (size_ == kNear) far_.assign(near_.begin(), near_.end());
    if (size_ < kNear)
      near_[size_] = step;
    else
      far_.push_back(step);
    ++size_;
  }
  friend std::strong_ordering operator<=>(const Steps& a, const Steps& b) {
    return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
  }
  friend bool operator==(const Steps& a, const Steps& b) { return std::ranges::equal(a, b); }

 private:
  static constexpr std::size_t kNear = 4;
  std::array<std::uint64_t, kNear> near_{};
  std::size_t size_ = 0;
  std::vector<std::uint64_t> far_;  ///< all of them, when they are more
};

/// Where work stands in the one order that every merge follows, whatever ended first: the topological position of its
/// node, then the item or round of that node's construct (0 where there is none), then the same inside of the
/// construct, and so on. A place sorts right before everything inside of it.
struct Place {
  Steps steps;

  Place inside(std::uint64_t position, std::uint64_t item) const {
    Place place = *this;
    place.steps.push_back(position);
    place.steps.push_back(item);
    return place;
  }
  /// True for the place itself and everything inside of it.
  bool holds(const Place& other) const {
    return other.steps.size() >= steps.size() && std::equal(steps.begin(), steps.end(), other.steps.begin());
  }
  friend auto operator<=>(const Place&, const Place&) = default;
};

/// Which writes work can see: those that stand before it, but at the depths in `parallel` (an index into pairs of
/// steps: 0 for the outermost) none of other items of the same construct, which run at the same time.
struct View {
  Place before;
  std::vector<std::size_t> parallel;  ///< ascending
};

}  // namespace oe::engine
