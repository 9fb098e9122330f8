#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "oe/llm/ask.hpp"

#include "llm/wire.hpp"

namespace oe::llm {

/// What one try brought, and what may follow.
struct Heard {
  Reply reply;
  std::optional<int> status;
  std::optional<double> usd;  ///< where the provider says it itself
  bool is_paid = false;       ///< the model was at work
  bool may_try_again = false;
  bool is_throttled = false;  ///< by a 429: it concerns every call with this key
  std::optional<std::chrono::milliseconds> asked_wait;
};

/// All come from the loop, never from inside the function that starts the try. The try may be destroyed in any of them.
struct TryEvents {
  std::function<void(std::size_t bytes, std::optional<std::uint64_t> tokens)> on_text;  ///< so far
  std::function<void(std::string_view)> on_line;  ///< of a program's standard error
  std::function<void(const Limits&)> on_limits;
  std::function<void(Heard)> on_end;  ///< once, last
};

/// One request on its way. The destructor closes the socket, or ends the process, at once.
class Try {
 public:
  virtual ~Try() = default;
  /// What there is so far of the answer, when it is ended from outside.
  virtual Heard so_far() = 0;
};

}  // namespace oe::llm
