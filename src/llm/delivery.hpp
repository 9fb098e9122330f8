#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "llm/activities.hpp"
#include "llm/switchboard.hpp"
#include "llm/try.hpp"

namespace oe::llm {

/// One request to one route, until something came that trying again cannot better: waits for the limiter, sends, and
/// sends again after the waits of http/retry.hpp, at most Model::retries times (2). A wait that the server asks for is
/// obeyed up to 60 s; a longer one is given up on. Ends what is on its way when it is destroyed.
class Delivery {
 public:
  using Done = std::function<void(Heard)>;
  /// `route` and `activities` must live as long. `done` is called once, from the loop, never from inside start(); the
  /// delivery may be destroyed in it.
  Delivery(Switchboard& board, const Route& route, Ask ask, Activities& activities, Done done);
  ~Delivery();
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  void start();
  Heard so_far() { return try_ ? try_->so_far() : Heard{}; }

 private:
  void enter();
  void send();
  Result<std::unique_ptr<Try>> begin();
  TryEvents events();
  void take(Heard heard);
  void wait(const Heard& heard, std::chrono::milliseconds duration);
  void end(Heard heard);

  Switchboard& board_;
  const Route& route_;
  Ask ask_;
  Activities& activities_;
  Done done_;
  Limiter& limiter_;
  std::uint32_t tries_ = 0;
  std::optional<std::uint64_t> place_;
  std::optional<sys::TimerId> timer_;
  std::unique_ptr<Try> try_;
};

}  // namespace oe::llm
