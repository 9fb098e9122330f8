#pragma once

#include <cstdio>
#include <cstdlib>

namespace oe::fuzz {

/// Ends the program when it does not hold: libFuzzer keeps the input then.
inline void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace oe::fuzz
