#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "llm/activities.hpp"
#include "llm/delivery.hpp"
#include "llm/switchboard.hpp"

namespace oe::llm {

/// One ask until its answer: delivers it to its route, holds what comes against the schema, asks once more where that
/// does not fit, and goes on to the fallbacks when nobody answers at all. Adds up what it cost.
class Talk {
 public:
  using Done = std::function<void(Answer)>;
  /// `activities` must live as long. `done` is called once, from the loop; the talk may be destroyed in it.
  Talk(Switchboard& board, Ask ask, std::vector<Route> routes, std::string place, Activities& activities, Done done);

  /// From the loop; `done` may come from inside.
  void start();
  /// What there is of the answer when it is ended from outside.
  Answer so_far(Ending ending, std::string error);

 private:
  void ask_route();
  Result<void> check() const;
  void deliver(Ask ask);
  void take(Heard heard);
  void judge(Heard heard);
  void account(const Heard& heard);
  void answer_from_tape();
  void ask_again(const Heard& heard, const std::vector<std::string>& faults);
  bool falls_back(const Reply& reply);
  void finish(Heard heard, Value value = {});
  Answer answer_of(const Heard& heard, Value value) const;
  const Route& route() const { return routes_[position_]; }

  Switchboard& board_;
  Ask ask_;  ///< with the settings of the route
  std::vector<Route> routes_;
  std::string place_;
  Activities& activities_;
  Done done_;
  std::size_t position_ = 0;
  std::uint32_t repairs_ = 0;
  std::string past_errors_;  ///< of the routes before this one
  std::unique_ptr<Delivery> delivery_;

  Usage usage_;
  double usd_ = 0;
  bool is_cost_known_ = true;  ///< of all that was paid
  bool has_cost_ = false;
  std::uint32_t calls_ = 0;
  Ask latest_;  ///< with the turns of a repair
};

}  // namespace oe::llm
