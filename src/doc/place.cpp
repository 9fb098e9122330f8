#include "doc/place.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "doc/pointer.hpp"

namespace oe::doc {

namespace {

const Node* step_down(const Node& node, const std::string& token) {
  if (node.kind == NodeKind::mapping) return node.find(token);
  const auto index = as_index(token);
  return node.kind == NodeKind::sequence && index && *index < node.items.size() ? &node.items[*index] : nullptr;
}

const Node* alias_of(const Node& root, const Node& target) {
  if (root.target == &target) return &root;
  for (const Node& item : root.items) {
    if (const Node* alias = alias_of(item, target)) return alias;
  }
  for (const Member& member : root.members) {
    if (const Node* alias = alias_of(member.value, target)) return alias;
  }
  return nullptr;
}

Error missing(const Document& document, std::string_view pointer, const Node& last) {
  return Error(ErrorKind::failed, fmt::format("there is nothing at '{}' in {}", pointer, document.name()))
      .at(document.locate(last.span.begin));
}

// An edit below an alias would change what the alias names, and so every other place that names it.
Result<void> check_not_shared(const Document& document, const Node& node) {
  if (node.kind == NodeKind::alias) {
    return fail(Error(ErrorKind::failed, fmt::format("the value is the alias *{}, shared with other places", node.text),
                      fmt::format("write the value out in place of *{}, then try again", node.text))
                    .at(document.locate(node.span.begin)));
  }
  const Node* alias = node.anchor().empty() ? nullptr : alias_of(document.root(), node);
  if (!alias) return {};
  return fail(Error(ErrorKind::failed,
                    fmt::format("the value &{} is shared: line {} names it too", node.anchor(),
                                document.locate(alias->span.begin).line),
                    fmt::format("write the value out in place of *{}, then try again", node.anchor()))
                  .at(document.locate(node.span.begin)));
}

}  // namespace

bool Place::in_flow() const {
  return std::any_of(path.begin(), path.end() - 1, [](const Node* node) { return node->style == Style::flow; });
}

bool Place::is_flow() const {
  return in_flow() || node().style == Style::flow;
}

Result<Place> find_place(const Document& document, std::string_view pointer) {
  const auto tokens = pointer_tokens(pointer);
  if (!tokens) return fail(ErrorKind::bug, fmt::format("'{}' is not a JSON pointer", pointer));
  Place place{.path = {&document.root()}, .tokens = *tokens, .pointer = std::string(pointer)};
  OE_CHECK(check_not_shared(document, place.node()));
  for (const std::string& token : *tokens) {
    const Node* next = step_down(place.node(), token);
    if (!next) return fail(missing(document, pointer, place.node()));
    OE_CHECK(check_not_shared(document, *next));
    place.path.push_back(next);
  }
  return place;
}

bool is_null(const Node& node) {
  return node.kind == NodeKind::scalar && node.style == Style::plain && to_value(node).is_null();
}

nlohmann::json& at_place(nlohmann::json& tree, const Place& place) {
  nlohmann::json* spot = &tree;
  for (const std::string& token : place.tokens) {
    spot = spot->is_array() ? &(*spot)[*as_index(token)] : &(*spot)[token];
  }
  return *spot;
}

std::string lead_in(const Document& document, const Place& place) {
  const Span span = place.node().span;
  if (span.begin != span.end || !place.parent()) return "";
  const std::string_view text = document.text();
  for (const Member& member : place.parent()->members) {
    if (&member.value != &place.node()) continue;
    const std::size_t colon = text.find(':', member.key.span.end);
    if (colon >= span.begin) return ": ";
  }
  return text[span.begin - 1] == ' ' ? "" : " ";
}

}  // namespace oe::doc
