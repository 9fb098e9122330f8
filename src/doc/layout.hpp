#pragma once

#include <cstddef>

#include "oe/doc/document.hpp"

namespace oe::doc {

/// How the author of a document writes: what new text imitates. Each is what the document does most often, or a
/// common habit where it says nothing.
struct Layout {
  bool json = false;                ///< brackets all over and "double quotes" around every key and text
  char indentation = ' ';           ///< a tab only in JSON
  std::size_t step = 2;             ///< columns that a nested block moves right
  std::size_t sequence_offset = 2;  ///< columns from a key to the "-" of its items
  bool single_quotes = false;
  bool quoted_keys = false;
  bool padded_braces = true;     ///< { a: 1 }
  bool padded_brackets = false;  ///< [ 1 ]
  bool spaced_colons = true;     ///< "a": 1 in JSON
  bool spaced_commas = true;
  bool short_lists_inline = true;  ///< lists of a few scalars stand in one line
  bool short_maps_inline = false;
  bool literal_blocks = true;  ///< new texts of several lines may be literal blocks; never read from the document
};

Layout layout_of(const Document& document);

/// True for a collection that the document writes in one line, in brackets.
bool is_inline(const Document& document, const Node& collection);

/// True for a non-empty collection that could stand in one line: scalars only, and few.
bool is_short(const Node& collection);

/// The most columns of a collection in one line, unless its neighbours are wider.
inline constexpr std::size_t kShortLine = 60;

}  // namespace oe::doc
