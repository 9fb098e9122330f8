#pragma once

#include <map>
#include <string>
#include <string_view>

namespace oe::fuzz {

/// What the bytes of one input stand for: a text as a model sends it, and the tree it is held against.
struct PatchInput {
  enum class Gate { none, even, nothing };  ///< takes every reading, those of an even size, or none
  Gate gate = Gate::none;
  std::string target;
  std::string text;
  std::map<std::string, std::string> files;
};

/// Fields parted by 0x1E: the gate, the target, the text, then path and bytes of each file (of two with one path the
/// first counts, and at most 8 do). Every sequence of bytes is an input.
PatchInput patch_input(std::string_view bytes);
std::string bytes_of(const PatchInput& input);

}  // namespace oe::fuzz
