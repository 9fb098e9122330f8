#pragma once

#include <cstddef>
#include <string_view>

namespace oe::doc {

// Lines of a text as an editor sees them. A byte order mark belongs to no line.

std::size_t line_begin(std::string_view text, std::size_t offset);
/// Before the "\n" or "\r\n" that ends the line, or the end of the text.
std::size_t line_end(std::string_view text, std::size_t offset);
/// Bytes between the beginning of the line and the offset.
std::size_t column_of(std::string_view text, std::size_t offset);
/// What ends the line of this offset; in a last line without an end, what ends the first line, else "\n".
std::string_view newline_at(std::string_view text, std::size_t offset);

/// True when nothing but white space stands before the offset in its line.
bool begins_its_line(std::string_view text, std::size_t offset);
/// True when nothing but white space or a comment follows the offset in its line.
bool ends_its_line(std::string_view text, std::size_t offset);
/// True when a line with nothing but white space lies between two offsets.
bool blank_line_between(std::string_view text, std::size_t begin, std::size_t end);

/// Walks from the end of a line over the comment lines directly below whose '#' stands right of `column`; returns the
/// end of the last of them.
std::size_t end_of_deeper_comments(std::string_view text, std::size_t end_of_line, std::size_t column);
/// Walks from the beginning of a line over the comment lines directly above; returns the beginning of the first.
std::size_t begin_of_comments_above(std::string_view text, std::size_t begin_of_line);

}  // namespace oe::doc
