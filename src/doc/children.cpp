#include "doc/children.hpp"

#include <algorithm>

#include "doc/lines.hpp"
#include "doc/properties.hpp"

namespace oe::doc {

namespace {

bool is_block_scalar(const Node& node) {
  return node.style == Style::literal || node.style == Style::folded;
}

}  // namespace

Children::Children(const Document& document, const Node& collection)
    : text_(document.text()), collection_(collection), is_root_(&collection == &document.root()) {}

std::size_t Children::size() const {
  return collection_.items.size() + collection_.members.size();
}

const Node& Children::value(std::size_t index) const {
  return collection_.kind == NodeKind::sequence ? collection_.items[index] : collection_.members[index].value;
}

std::size_t Children::end(std::size_t index) const {
  const std::size_t end_of_value = value(index).span.end;
  if (collection_.kind == NodeKind::sequence) return end_of_value;
  return std::max(end_of_value, collection_.members[index].key.span.end);
}

std::size_t Children::begin(std::size_t index) const {
  const bool in_brackets = collection_.style == Style::flow;
  if (index == 0) {
    const std::size_t begin = collection_.span.begin;
    return in_brackets ? skip_blanks_and_comments(text_, begin + 1) : begin;
  }
  const auto comma = in_brackets ? comma_after(index - 1) : std::nullopt;
  return skip_blanks_and_comments(text_, comma ? *comma + 1 : end(index - 1));
}

std::optional<std::size_t> Children::comma_after(std::size_t index) const {
  const std::size_t next = skip_blanks_and_comments(text_, end(index));
  return next < text_.size() && text_[next] == ',' ? std::optional(next) : std::nullopt;
}

bool Children::has_own_lines(std::size_t index) const {
  const std::size_t last = comma_after(index).value_or(end(index) - 1);
  return begins_its_line(text_, begin(index)) && ends_its_line(text_, last + 1);
}

bool Children::are_apart_at(std::size_t index) const {
  if (size() < 2) return false;
  const std::size_t below = std::clamp<std::size_t>(index, 1, size() - 1);
  return blank_line_between(text_, line_end(text_, end(below - 1)), begin(below));
}

Splices Children::insertion(std::size_t index, const std::string& child, const Writer& writer) const {
  return collection_.style == Style::flow ? insertion_in_brackets(index, child, writer)
                                          : insertion_in_block(index, child, writer);
}

// A new child goes right behind the one before it, so that blank lines and comments that follow stay with the next.
Splices Children::insertion_in_block(std::size_t index, const std::string& child, const Writer& writer) const {
  const std::size_t column = column_of(text_, collection_.span.begin);
  const std::string blank = are_apart_at(index) ? writer.newline() : "";
  if (index > 0) {
    const std::size_t at = end_of_deeper_comments(text_, line_end(text_, end(index - 1)), column);
    Splices splices = strip_at_end_of_file(index - 1);
    splices.push_back({at, at, (ends_with_kept_blanks(index - 1) ? "" : blank) + writer.next_line(column) + child});
    return splices;
  }
  const std::size_t first = collection_.span.begin;
  if (!begins_its_line(text_, first)) return {{first, first, child + blank + writer.next_line(column)}};
  // Comments above the first child are its own; at the top of a file they are about the file.
  const std::size_t line = line_begin(text_, first);
  const std::size_t at = is_root_ ? line : begin_of_comments_above(text_, line);
  return {{at, at, std::string(column, ' ') + child + writer.newline() + blank}};
}

const Node& Children::last_leaf(std::size_t index) const {
  const Node* last = &value(index);
  while (last->items.size() + last->members.size() > 0) {
    last = last->items.empty() ? &last->members.back().value : &last->items.back();
  }
  return *last;
}

// The "+" or "-" of a block scalar, or where it would stand.
std::size_t Children::chomping_of(const Node& block_scalar) const {
  return std::min(text_.find_first_not_of("123456789", block_scalar.span.begin + 1), text_.size());
}

bool Children::ends_with_kept_blanks(std::size_t index) const {
  const Node& last = last_leaf(index);
  return is_block_scalar(last) && text_.substr(chomping_of(last)).starts_with('+');
}

Splices Children::strip_at_end_of_file(std::size_t index) const {
  const Node& last = last_leaf(index);
  if (!is_block_scalar(last) || last.span.end != text_.size() || last.text.ends_with('\n')) return {};
  const std::size_t chomping = chomping_of(last);
  if (chomping == text_.size() || text_[chomping] == '-') return {};
  return {{chomping, chomping + (text_[chomping] == '+' ? 1 : 0), "-"}};
}

Splices Children::insertion_in_brackets(std::size_t index, const std::string& child, const Writer& writer) const {
  const std::size_t neighbour = index == 0 ? 0 : index - 1;
  if (has_own_lines(neighbour)) return insertion_in_own_line(index, child, writer);
  const std::string comma = writer.layout().spaced_commas ? ", " : ",";
  if (index == 0) return {{begin(0), begin(0), child + comma}};
  return {{end(neighbour), end(neighbour), comma + child}};
}

Splices Children::insertion_in_own_line(std::size_t index, const std::string& child, const Writer& writer) const {
  if (index == 0) {
    const std::size_t at = line_end(text_, collection_.span.begin);
    return {{at, at, writer.next_line(column_of(text_, begin(0))) + child + ","}};
  }
  const std::string line = writer.next_line(column_of(text_, begin(index - 1))) + child;
  if (const auto comma = comma_after(index - 1)) {
    const std::size_t at = line_end(text_, *comma);
    return {{at, at, line + ","}};
  }
  const std::size_t last = end(index - 1);
  return {{last, last, ","}, {line_end(text_, last), line_end(text_, last), line}};
}

}  // namespace oe::doc
