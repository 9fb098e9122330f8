#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oe::fuzz {

// What must hold for any bytes; each ends the program when it does not. libFuzzer drives them in the nightly, a fixed
// walk over damaged samples in ctest.

/// A reply of any API and any Content-Type (the first two bytes choose): the same in one piece and in many, an error
/// exactly when it is no answer, short plain messages.
void check_reply(std::string_view input);
/// An event stream: the same in one piece and in many.
void check_stream(std::string_view input);
/// A schema, a zero byte, a value: each gives faults or a located error; a strict schema is strict in all its parts.
void check_schema(std::string_view input);
/// A text and a tree (patch_input.hpp): a Patch is what its canonical diff says, changes only what is named, invents
/// nothing and keeps line ends; a Refusal says why in short; the same twice, within seconds.
void check_patch(std::string_view input);

struct Target {
  const char* name;
  void (*check)(std::string_view);
  std::vector<std::string> (*samples)();  ///< good inputs, for mutations to start from
};
/// Those of the room that the program is linked with: llm_targets.cpp or patch_targets.cpp.
const std::vector<Target>& targets();

}  // namespace oe::fuzz
