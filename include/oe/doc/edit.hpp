#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oe/doc/document.hpp"

namespace oe::doc {

// Edits splice bytes: everything that is not changed keeps its comments, order, indentation, quoting, line
// ends, byte order mark and missing last newline. Each edit parses its result again and compares it with the
// tree that was meant; on any difference it refuses (kind failed) in place of writing something else. The
// document itself is never changed; the new text is returned.

/// Replaces the scalar at `pointer`, in the style of the old one where that style can hold the new value.
/// Refuses aliases, anchored scalars that are used elsewhere, and containers.
Result<std::string> set_scalar(const Document& document, std::string_view pointer, const Value& value);

/// Adds `key: value` at the end of the mapping at `pointer` (before its trailing comments and blank lines),
/// block or flow as the mapping is. Refuses a key that is there.
Result<std::string> add_member(const Document& document, std::string_view pointer, std::string_view key,
                               const Value& value);

/// Adds an item to the sequence at `pointer` so that it gets position `index` (at most the size of the
/// sequence). A comment that belongs to the item after it stays with that item. Works on block, flow and
/// empty sequences.
Result<std::string> insert_item(const Document& document, std::string_view pointer, std::size_t index,
                                const Value& value);

/// A difference between two trees, as paths. Order of mapping members does not count, order of items does.
struct Change {
  enum class Kind { added, removed, changed } kind = Kind::changed;
  std::string pointer;
  Value before;  ///< null when added
  Value after;   ///< null when removed
  friend bool operator==(const Change&, const Change&) = default;
};

/// The smallest list of changes at the deepest common places; an item inserted into a sequence is one
/// `added`, found by aligning equal items.
std::vector<Change> changes(const Value& before, const Value& after);

}  // namespace oe::doc
