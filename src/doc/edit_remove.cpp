#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/doc/edit.hpp"

#include "doc/children.hpp"
#include "doc/key_order.hpp"
#include "doc/lines.hpp"

namespace oe::doc {

namespace {

std::size_t index_of_member(const Node& mapping, std::string_view key) {
  std::size_t index = 0;
  while (mapping.members[index].key.text != key) ++index;
  return index;
}

// Whole lines, comments above them excepted; the first member behind a dash gives its place to the second.
Splice removal_from_block(std::string_view text, const Children& children, std::size_t index) {
  const std::size_t begin = children.begin(index);
  if (!begins_its_line(text, begin)) return {begin, children.begin(index + 1), ""};
  const std::size_t end = line_end(text, children.end(index));
  if (end == text.size()) return {line_end(text, children.end(index - 1)), end, ""};
  return {line_begin(text, begin), text.find('\n', end) + 1, ""};
}

Splice removal_from_brackets(const Children& children, std::size_t index) {
  if (index == 0) return {children.begin(0), children.begin(1), ""};
  return {children.end(index - 1), children.end(index), ""};
}

bool loses_a_comment(std::string_view text, const Splice& removal, const Span& removed) {
  const std::string_view before = text.substr(removal.begin, removed.begin - std::min(removed.begin, removal.begin));
  const std::string_view behind = text.substr(removed.end, removal.end - std::min(removal.end, removed.end));
  return before.find('#') != before.npos || behind.find('#') != behind.npos;
}

}  // namespace

Result<std::string> remove_member(const Document& document, std::string_view pointer, std::string_view key) {
  OE_TRY(const Place place, find_place(document, pointer));
  const Node& mapping = place.node();
  if (mapping.kind != NodeKind::mapping || !mapping.find(key) || mapping.members.size() < 2) {
    return fail(Error(ErrorKind::failed, fmt::format("'{}' has no member '{}' beside others", pointer, key))
                    .at(document.locate(mapping.span.begin)));
  }
  const std::string_view text = document.text();
  const Children children(document, mapping);
  const std::size_t index = index_of_member(mapping, key);
  const Splice removal =
      mapping.style == Style::flow ? removal_from_brackets(children, index) : removal_from_block(text, children, index);
  const Span removed{children.begin(index), children.end(index)};
  if (loses_a_comment(text, removal, removed)) {
    return fail(
        Error(ErrorKind::failed, fmt::format("removing '{}' would remove a comment too", key), "remove it by hand")
            .at(document.locate(removed.begin)));
  }
  nlohmann::json intended = tree_of(document);
  at_place(intended, place).erase(std::string(key));
  return splice(document, {removal}, intended, fmt::format("remove '{}' from '{}'", key, pointer));
}

std::string written_like(const Document& example, const Value& value) {
  const Layout layout = layout_of(example);
  return Writer(layout, "\n", key_order_of(value.json(), {&example.root()}, {})).one_line(value.json());
}

}  // namespace oe::doc
