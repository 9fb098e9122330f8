#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace oe::llm {

/// "3,120"
std::string grouped(std::uint64_t number);
/// "812 bytes", "12 kB", "3.4 MB"
std::string human_bytes(std::uint64_t bytes);
/// "0.5 s", "12.0 s", "3 m 20 s"
std::string human_wait(std::chrono::milliseconds wait);

}  // namespace oe::llm
