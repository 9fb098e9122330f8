#pragma once

namespace oe::cli {

inline constexpr const char* kVersion = OE_VERSION;
inline constexpr const char* kVersionLine = "oe " OE_VERSION;

}  // namespace oe::cli
