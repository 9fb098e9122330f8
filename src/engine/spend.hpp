#pragma once

#include <algorithm>
#include <optional>

#include "oe/exec/executor.hpp"

namespace oe::engine {

/// Adds what is known; what nobody knows stays unknown.
template <class T>
void add(std::optional<T>& sum, const std::optional<T>& more) {
  if (more) sum = sum.value_or(T{}) + *more;
}
inline void add(exec::Spend& sum, const exec::Spend& more) {
  add(sum.tokens, more.tokens);
  add(sum.usd, more.usd);
}

/// Keeps the larger of each.
inline void raise(exec::Spend& most, const exec::Spend& more) {
  most.tokens = std::max(most.tokens, more.tokens);
  most.usd = std::max(most.usd, more.usd);
}

}  // namespace oe::engine
