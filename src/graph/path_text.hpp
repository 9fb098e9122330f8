#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::graph {

bool is_name_start(char c);
bool is_digit(char c);
/// A letter, a digit or "_".
bool is_name_part(char c);
bool is_identifier(std::string_view text);
void add_once(std::vector<std::string>& list, const std::string& name);

/// A path as it stands in a text: "$.a.b", "$.a[0]", "$.a["any key"]", "$item.x", and without "$" "item.x", which
/// means the same.
struct PathText {
  std::vector<std::string> names;  ///< {a, b}, {a, 0}, {a, any key}, {$item, x}
  std::size_t end = 0;             ///< byte behind it
};

/// The longest path that starts at `begin`, which must be a "$" or the start of a name. Errors: see syntax_error.
Result<PathText> read_path(std::string_view text, std::size_t begin);

/// All paths and placeholders in the strings of a tree, in its order.
std::vector<std::vector<std::string>> paths_of(const Value& tree);

/// An input error at a byte of an expression; location.column counts from 1.
Error syntax_error(std::size_t offset, std::string message, std::string hint = {});

}  // namespace oe::graph
