#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/value.hpp"

namespace oe::forge {

/// "<!-- oe:v1 {json} -->": JSON in which no text can end the comment, nor look like a mention, a reference or markup,
/// since those characters are written as \u00XX.
std::string machine_block(const Value& object);

/// Where the last one stands in a body, and what it says.
struct FoundBlock {
  std::size_t begin = 0;
  std::size_t end = 0;
  Value object;
};
std::optional<FoundBlock> find_machine_block(std::string_view body);

}  // namespace oe::forge
