#include "doc/layout.hpp"

#include <algorithm>
#include <map>

#include "doc/lines.hpp"

namespace oe::doc {

namespace {

/// Counts what a document does one way or the other.
struct Vote {
  int yes = 0;
  int no = 0;
  void add(bool vote) { ++(vote ? yes : no); }
  bool decided(bool otherwise) const { return yes == no ? otherwise : yes > no; }
};

class LayoutReader {
 public:
  explicit LayoutReader(const Document& document) : document_(document), text_(document.text()) {}

  Layout read() {
    visit(document_.root());
    Layout layout;
    layout.json = document_.root().style == Style::flow && only_double_quotes_;
    layout.step = most(steps_, 2);
    if (layout.json && text_.find("\n\t") != text_.npos) layout.indentation = '\t';
    layout.sequence_offset = most(sequence_offsets_, layout.step);
    layout.single_quotes = single_quotes_.decided(false);
    layout.quoted_keys = quoted_keys_.decided(false);
    layout.padded_braces = padded_braces_.decided(!layout.json);
    layout.padded_brackets = padded_brackets_.decided(false);
    layout.spaced_colons = spaced_colons_.decided(true);
    layout.spaced_commas = spaced_commas_.decided(layout.spaced_colons);
    const bool one_line = is_inline(document_, document_.root());
    layout.short_lists_inline = inline_lists_.decided(layout.json ? one_line : true);
    layout.short_maps_inline = inline_maps_.decided(layout.json ? one_line : inline_items_.yes > 0);
    return layout;
  }

 private:
  static std::size_t most(const std::map<std::size_t, int>& votes, std::size_t otherwise) {
    const auto best =
        std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return best == votes.end() ? otherwise : best->first;
  }

  void visit(const Node& node) {
    if (node.kind == NodeKind::scalar) return visit_scalar(node);
    if (node.style == Style::flow) visit_brackets(node);
    for (const Node& item : node.items) {
      if (item.kind == NodeKind::mapping && is_short(item)) inline_items_.add(is_inline(document_, item));
      visit(item);
    }
    for (const Member& member : node.members) {
      visit_key(member.key);
      visit_member(node, member);
      visit(member.value);
    }
  }

  void visit_scalar(const Node& node) {
    if (node.style == Style::single_quoted) single_quotes_.add(true);
    if (node.style == Style::double_quoted) single_quotes_.add(false);
    const bool is_text = node.style != Style::plain || to_value(node).is_string();
    if (is_text && node.style != Style::double_quoted) only_double_quotes_ = false;
  }

  void visit_key(const Node& key) {
    quoted_keys_.add(key.style != Style::plain);
    if (key.style != Style::double_quoted) only_double_quotes_ = false;
  }

  void visit_member(const Node& mapping, const Member& member) {
    const Node& value = member.value;
    if (mapping.style == Style::flow) {
      const std::size_t colon = text_.find(':', member.key.span.end);
      if (colon < value.span.begin) spaced_colons_.add(value.span.begin > colon + 1);
    }
    if (value.kind == NodeKind::mapping && is_short(value)) inline_maps_.add(is_inline(document_, value));
    if (value.kind == NodeKind::sequence && is_short(value)) inline_lists_.add(is_inline(document_, value));
    visit_indentation(mapping, value);
  }

  void visit_indentation(const Node& mapping, const Node& value) {
    const bool container = value.kind == NodeKind::mapping || value.kind == NodeKind::sequence;
    if (!container || !begins_its_line(text_, value.span.begin) || mapping.style != Style::block) return;
    const std::size_t right = column_of(text_, value.span.begin) - column_of(text_, mapping.span.begin);
    ++(value.kind == NodeKind::mapping ? steps_ : sequence_offsets_)[right];
  }

  void visit_brackets(const Node& node) {
    const std::size_t children = node.items.size() + node.members.size();
    const std::size_t inside = node.span.begin + 1;
    if (children == 0 || inside >= text_.size()) return;
    const Node& first = node.items.empty() ? node.members.front().value : node.items.front();
    const std::size_t first_begin = node.items.empty() ? node.members.front().key.span.begin : first.span.begin;
    if (line_end(text_, inside) == inside) {
      ++steps_[indentation_of(first_begin) - std::min(indentation_of(inside), indentation_of(first_begin))];
    } else {
      (node.kind == NodeKind::mapping ? padded_braces_ : padded_brackets_).add(text_[inside] == ' ');
    }
    const std::size_t comma = first.span.end;
    if (children > 1 && comma + 1 < text_.size() && text_[comma] == ',' && line_end(text_, comma) > comma + 1) {
      spaced_commas_.add(text_[comma + 1] == ' ');
    }
  }

  std::size_t indentation_of(std::size_t offset) const {
    const std::size_t begin = line_begin(text_, offset);
    return std::min(text_.find_first_not_of(" \t", begin), text_.size()) - begin;
  }

  const Document& document_;
  std::string_view text_;
  bool only_double_quotes_ = true;
  Vote single_quotes_, quoted_keys_, padded_braces_, padded_brackets_, spaced_colons_, spaced_commas_;
  Vote inline_lists_, inline_maps_, inline_items_;
  std::map<std::size_t, int> steps_, sequence_offsets_;
};

}  // namespace

Layout layout_of(const Document& document) {
  return LayoutReader(document).read();
}

bool is_inline(const Document& document, const Node& collection) {
  if (collection.style != Style::flow) return false;
  const Span span = collection.span;
  return document.text().find('\n', span.begin) >= span.end;
}

bool is_short(const Node& collection) {
  std::size_t width = 0;
  const auto takes = [&](const Node& child) {
    width += child.text.size() + 2;
    return child.kind == NodeKind::scalar && child.text.find('\n') == std::string::npos && width <= kShortLine;
  };
  const bool few = std::all_of(collection.items.begin(), collection.items.end(), takes) &&
                   std::all_of(collection.members.begin(), collection.members.end(),
                               [&](const Member& member) { return takes(member.key) && takes(member.value); });
  return few && width > 0;
}

}  // namespace oe::doc
