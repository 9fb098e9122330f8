#pragma once

#include "doc/splice.hpp"

namespace oe::doc {

/// The children of a mapping or sequence as stretches of text, in file order: an item from its "-" (in brackets: from
/// its properties), a member from its key, both up to the end of the value.
class Children {
 public:
  Children(const Document& document, const Node& collection);

  std::size_t size() const;
  /// The value of a child.
  const Node& value(std::size_t index) const;
  std::size_t begin(std::size_t index) const;
  std::size_t end(std::size_t index) const;
  /// The ',' behind a child in brackets, or nothing.
  std::optional<std::size_t> comma_after(std::size_t index) const;
  /// True when a child stands alone in its lines.
  bool has_own_lines(std::size_t index) const;
  /// True when blank lines separate the children around position `index`.
  bool are_apart_at(std::size_t index) const;

  /// Where new text goes so that it becomes child `index` of this non-empty collection.
  Splices insertion(std::size_t index, const std::string& child, const Writer& writer) const;

 private:
  /// A block scalar at the very end of a file without a last line end has none either; it has to say so before
  /// something follows it.
  Splices strip_at_end_of_file(std::size_t index) const;
  const Node& last_leaf(std::size_t index) const;
  std::size_t chomping_of(const Node& block_scalar) const;
  /// True when a blank line behind this child would be part of its text ("|+").
  bool ends_with_kept_blanks(std::size_t index) const;
  Splices insertion_in_block(std::size_t index, const std::string& child, const Writer& writer) const;
  Splices insertion_in_brackets(std::size_t index, const std::string& child, const Writer& writer) const;
  Splices insertion_in_own_line(std::size_t index, const std::string& child, const Writer& writer) const;

  std::string_view text_;
  const Node& collection_;
  bool is_root_;
};

}  // namespace oe::doc
