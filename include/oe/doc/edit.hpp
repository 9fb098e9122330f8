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

/// The order in which new mappings get their keys: first as the siblings of the new value have them, then as
/// listed here, then alphabetically.
using KeyOrder = std::vector<std::string>;

/// Adds `key: value` at the end of the mapping at `pointer` (before its trailing comments and blank lines),
/// block or flow as the mapping is. Null, or nothing behind the colon, counts as an empty mapping. Refuses a key
/// that is there.
Result<std::string> add_member(const Document& document, std::string_view pointer, std::string_view key,
                               const Value& value, const KeyOrder& key_order = {});

/// Takes a member out of the mapping at `pointer`, with its lines. Refuses the only member, and a comment in the
/// lines that would go.
Result<std::string> remove_member(const Document& document, std::string_view pointer, std::string_view key);

/// Adds an item to the sequence at `pointer` so that it gets position `index` (at most the size of the
/// sequence). It goes right behind the item before it, so comments and blank lines above the next item stay with
/// that. Works on block, flow and empty sequences; null, or nothing behind the colon, counts as an empty one.
Result<std::string> insert_item(const Document& document, std::string_view pointer, std::size_t index,
                                const Value& value, const KeyOrder& key_order = {});

/// The value in one line with brackets, spaced, quoted and ordered like the root of `example`.
std::string written_like(const Document& example, const Value& value);

/// A difference between two trees, as paths. Order of mapping members does not count, order of items does.
struct Change {
  enum class Kind { added, removed, changed } kind = Kind::changed;
  std::string pointer;
  Value before;  ///< null when added
  Value after;   ///< null when removed
  friend bool operator==(const Change&, const Change&) = default;
};

/// The changes at the deepest common places that say the least; an item inserted into a sequence is one
/// `added`, found by aligning equal and similar items. Positions count in `after`, those of removed items in
/// `before`.
std::vector<Change> changes(const Value& before, const Value& after);

}  // namespace oe::doc
