#pragma once

namespace oe {

/// Under a sanitizer memory and time say nothing: it keeps for a while what was freed, and all takes many times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif

}  // namespace oe
