#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oe::doc {

/// The tokens of a JSON pointer, unescaped; nothing when it is not one ("" is the root, the rest begins with "/").
std::optional<std::vector<std::string>> pointer_tokens(std::string_view pointer);

/// A token as a position in a sequence: digits without a leading zero.
std::optional<std::size_t> as_index(std::string_view token);

}  // namespace oe::doc
