#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace oe::doc {

// Ways to write a text as a YAML scalar. All of them read back as the same text, in YAML 1.1 too.

/// True when the text can stand without quotes and is not taken for anything but a text.
bool is_plain_safe(std::string_view text, bool in_flow);

/// True when the text has no line end and nothing that needs an escape.
bool fits_single_quotes(std::string_view text);
std::string in_single_quotes(std::string_view text);

/// Holds every text; valid JSON too.
std::string in_double_quotes(std::string_view text);

/// True when a literal block can hold the text without an indentation indicator.
bool fits_literal(std::string_view text);
/// The header ("|" or "|-") and the lines of a literal block, without their indentation.
struct LiteralBlock {
  std::string header;
  std::vector<std::string> lines;
};
LiteralBlock as_literal(std::string_view text);

/// True when a folded block can hold the text (no line of it begins with white space).
bool fits_folded(std::string_view text);
LiteralBlock as_folded(std::string_view text);

}  // namespace oe::doc
