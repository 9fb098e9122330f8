// libFuzzer's entry to one target: OE_FUZZ_TARGET is its name.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "targets.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

const oe::fuzz::Target& target() {
  static const auto found = std::ranges::find_if(
      oe::fuzz::targets(), [](const auto& one) { return std::strcmp(one.name, OE_FUZZ_TARGET) == 0; });
  return *found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target().check({reinterpret_cast<const char*>(data), size});
  return 0;
}

/// Begins now and then at a good sample again, so that no corpus has to be kept.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  static const auto samples = target().samples();
  if (size < 3 || seed % 32 == 0) {
    const std::string& sample = samples[seed / 32 % samples.size()];
    size = std::min(sample.size(), most);
    std::memcpy(data, sample.data(), size);
  }
  return LLVMFuzzerMutate(data, size, most);
}
