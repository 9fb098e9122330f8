#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace oe::exec {

/// What surrounds a place of a shell line.
enum class Quoting { none, doubled, single };

/// For each of the (ascending) byte offsets. Knows quotes, backslashes, comments and $( ), not here-documents or
/// backticks: good for how a word looks, never for whether something is safe.
std::vector<Quoting> quoting_at(std::string_view shell_line, std::span<const std::size_t> offsets);

}  // namespace oe::exec
