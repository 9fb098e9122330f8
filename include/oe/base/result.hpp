#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "oe/base/error.hpp"

namespace oe {

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorKind::input, "...", "hint")` from any function that returns a Result.
template <class... Args>
tl::unexpected<Error> fail(Args&&... args) {
  return tl::unexpected<Error>(Error(std::forward<Args>(args)...));
}

inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace oe

#define OE_CONCAT_INNER(a, b) a##b
#define OE_CONCAT(a, b) OE_CONCAT_INNER(a, b)

/// `OE_TRY(auto x, f());` declares x from a Result or returns its error from the enclosing function.
#define OE_TRY(declaration, expression)                                                                  \
  auto OE_CONCAT(oe_try_, __LINE__) = (expression);                                                      \
  if (!OE_CONCAT(oe_try_, __LINE__)) return ::oe::fail(std::move(OE_CONCAT(oe_try_, __LINE__)).error()); \
  declaration = std::move(*OE_CONCAT(oe_try_, __LINE__))

/// The same for a Result<void>.
#define OE_CHECK(expression)                                                                     \
  do {                                                                                           \
    if (auto oe_check = (expression); !oe_check) return ::oe::fail(std::move(oe_check).error()); \
  } while (false)
