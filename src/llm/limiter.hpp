#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "oe/sys/clock.hpp"
#include "oe/sys/loop.hpp"

#include "llm/wire.hpp"

namespace oe::llm {

/// Lets the calls of one provider and key go, first come first served: at most so many of an alias at once, none before
/// a limit that the heads of replies told is reset, and none of them all for a while after a 429. The loop and the
/// clock must outlive it.
class Limiter {
 public:
  Limiter(sys::EventLoop& loop, const sys::Clock& clock) : loop_(loop), clock_(clock) {}
  ~Limiter();
  Limiter(const Limiter&) = delete;
  Limiter& operator=(const Limiter&) = delete;

  struct Wish {
    std::string lane;                    ///< calls of one lane count together
    std::optional<std::uint32_t> most;   ///< of the lane at once; nothing: any number
    std::function<void()> go;            ///< from the loop, never from inside enter()
    std::optional<std::uint64_t> place;  ///< of an earlier try, which keeps its place in the queue
  };
  /// The number is for leave(), before or after `go`.
  std::uint64_t enter(Wish wish);
  /// Unknown numbers are ignored.
  void leave(std::uint64_t place);

  void take(const Limits& limits);                ///< of a reply that has just come
  void hold(std::chrono::milliseconds duration);  ///< nobody goes before it is over
  /// How long nobody goes yet; 0 when they may.
  std::chrono::milliseconds held() const;

 private:
  void wake(std::chrono::milliseconds after);
  void pump();
  bool has_room(const Wish& wish) const;

  sys::EventLoop& loop_;
  const sys::Clock& clock_;
  std::map<std::uint64_t, Wish> waiting_;
  std::map<std::uint64_t, std::string> going_;  ///< place -> lane
  std::map<std::string, std::uint32_t> in_lane_;
  std::uint64_t last_ = 0;
  std::chrono::microseconds not_before_{0};
  std::optional<sys::TimerId> timer_;
  std::chrono::microseconds timer_at_{0};
};

}  // namespace oe::llm
