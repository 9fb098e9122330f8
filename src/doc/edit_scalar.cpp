#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/doc/edit.hpp"

#include "doc/lines.hpp"
#include "doc/scalar_text.hpp"
#include "doc/splice.hpp"

namespace oe::doc {

namespace {

using Json = nlohmann::json;

/// One scalar and what is to stand in its place.
class ScalarEdit {
 public:
  ScalarEdit(const Document& document, const Place& place, const Json& value, const Layout& layout)
      : document_(document),
        text_(document.text()),
        place_(place),
        node_(place.node()),
        value_(value),
        writer_(layout, std::string(newline_at(text_, node_.span.begin)), {}) {}

  Splices splices() const {
    const auto* words = value_.get_ptr<const std::string*>();
    const bool is_block = node_.style == Style::literal || node_.style == Style::folded;
    if (words && is_block && writer_.layout().literal_blocks && fits_literal(*words)) return {replaced_block(*words)};
    if (writer_.wants_literal(value_) && node_.style == Style::plain && !place_.in_flow())
      return {plain_to_literal(*words)};
    return {
        {node_.span.begin, node_.span.end, lead_in(document_, place_) + in_line() + (is_block ? header_note() : "")}};
  }

 private:
  std::string in_line() const {
    const auto* words = value_.get_ptr<const std::string*>();
    if (words && node_.style == Style::double_quoted) return in_double_quotes(*words);
    if (words && node_.style == Style::single_quoted && fits_single_quotes(*words)) return in_single_quotes(*words);
    return writer_.scalar(value_, place_.in_flow());
  }

  // " # comment" of a block scalar's first line, with the white space in front of it.
  std::string header_note() const {
    const std::size_t end = std::min(line_end(text_, node_.span.begin), node_.span.end);
    const std::string_view header = text_.substr(node_.span.begin, end - node_.span.begin);
    const std::size_t note = header.find_first_of(" \t");
    return note == header.npos || header.find('#') == header.npos ? "" : std::string(header.substr(note));
  }

  Splice replaced_block(const std::string& words) const {
    const bool folded = node_.style == Style::folded && fits_folded(words);
    const LiteralBlock block = folded ? as_folded(words) : as_literal(words);
    return {node_.span.begin, node_.span.end, block.header + header_note() + indented(block.lines)};
  }

  // key: old # note   ->   key: | # note
  //                          lines
  Splice plain_to_literal(const std::string& words) const {
    const std::size_t end = line_end(text_, node_.span.end);
    const LiteralBlock block = as_literal(words);
    const std::string note(text_.substr(node_.span.end, end - node_.span.end));
    return {node_.span.begin, end, lead_in(document_, place_) + block.header + note + indented(block.lines)};
  }

  std::string indented(const std::vector<std::string>& lines) const {
    std::string text;
    for (const std::string& line : lines) {
      text += line.empty() ? writer_.newline() : writer_.next_line(content_column()) + line;
    }
    return text;
  }

  std::size_t content_column() const {
    const std::string_view scalar = text_.substr(node_.span.begin, node_.span.end - node_.span.begin);
    const std::size_t header_end = scalar.find('\n');
    const bool says_column = scalar.substr(0, header_end).find_first_of("123456789") < 3;
    const std::size_t first = header_end == scalar.npos ? scalar.npos : scalar.find_first_not_of(" \r\n", header_end);
    if (node_.style != Style::plain && !says_column && first != scalar.npos) {
      return column_of(text_, node_.span.begin + first);
    }
    return place_.parent() ? column_of(text_, place_.parent()->span.begin) + writer_.layout().step : 0;
  }

  const Document& document_;
  std::string_view text_;
  const Place& place_;
  const Node& node_;
  const Json& value_;
  Writer writer_;
};

}  // namespace

Result<std::string> set_scalar(const Document& document, std::string_view pointer, const Value& value) {
  OE_TRY(const Place place, find_place(document, pointer));
  const Node& node = place.node();
  if (node.kind != NodeKind::scalar || value.json().is_structured()) {
    return fail(Error(ErrorKind::failed, fmt::format("'{}' is a list or a mapping, not a single value", pointer))
                    .at(document.locate(node.span.begin)));
  }
  if (to_value(node) == value) return document.text();
  Json intended = tree_of(document);
  at_place(intended, place) = value.json();
  const auto splices = [&](const Layout& layout) {
    return ScalarEdit(document, place, value.json(), layout).splices();
  };
  return splice_in_style(document, splices, intended, fmt::format("write the value at '{}'", pointer));
}

}  // namespace oe::doc
