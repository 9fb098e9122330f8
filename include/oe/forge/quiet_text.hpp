#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace oe::forge {

// Text of tools and models, on its way into a page that pings people and links to other pages.

/// One line of valid UTF-8: blanks and control characters become one space, characters that turn or hide text (bidi
/// controls, zero width) go; at most `bytes`.
std::string plain_line(std::string_view text, std::size_t bytes);

/// That line as inline code, where no forge looks for mentions, references, HTML or Markdown; empty for an empty one.
std::string code_span(std::string_view text, std::size_t bytes = 300);
/// The same for a cell of a table.
std::string code_cell(std::string_view text, std::size_t bytes = 300);

/// Text of several lines as a block of code that nothing in it can end; control characters but line breaks and tabs go;
/// at most `bytes`, the end of it where it is longer.
std::string fenced(std::string_view text, std::size_t bytes = 30'000);

/// That line as prose, to stand behind a word of ours (at the start of a line lists and quick actions begin): Markdown
/// and HTML are escaped, a zero-width space keeps mentions (@), references (# ! $ % & ~ and GH-1) and bare links from
/// being made.
std::string quiet_prose(std::string_view text, std::size_t bytes = 600);

/// That line for a title, which is no Markdown: mentions and references only.
std::string quiet_title(std::string_view text, std::size_t bytes = 200);

}  // namespace oe::forge
