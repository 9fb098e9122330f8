#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/doc/edit.hpp"

#include "doc/children.hpp"
#include "doc/key_order.hpp"
#include "doc/lines.hpp"

namespace oe::doc {

namespace {

using Json = nlohmann::json;

std::size_t indentation_at(std::string_view text, std::size_t offset) {
  const std::size_t begin = line_begin(text, offset);
  return std::min(text.find_first_not_of(" \t", begin), text.size()) - begin;
}

/// A new child for one collection: how it is written, and where it goes.
class ChildEdit {
 public:
  ChildEdit(const Document& document, const Place& place, const Json& value, const KeyOrder& key_order,
            const Layout& layout)
      : document_(document),
        text_(document.text()),
        place_(place),
        node_(place.node()),
        children_(document, node_),
        writer_(layout, std::string(newline_at(text_, node_.span.begin)), key_order_of(value, siblings(), key_order)) {}

  Splices new_item(std::size_t index, const Json& value) {
    if (children_.size() == 0) return first_child(Json::array({value}));
    return children_.insertion(index, item_text(index, value), writer_);
  }

  Splices new_member(const std::string& key, const Json& value) {
    if (children_.size() == 0) return first_child(Json::object({{key, value}}));
    return children_.insertion(children_.size(), member_text(key, value), writer_);
  }

 private:
  std::vector<const Node*> siblings() const {
    std::vector<const Node*> nodes;
    for (std::size_t index = children_.size(); index > 0; --index) nodes.push_back(&children_.value(index - 1));
    return nodes;
  }

  std::string item_text(std::size_t index, const Json& value) const {
    const std::size_t neighbour = index == 0 ? 0 : index - 1;
    const Form form = form_like(neighbour, value, false);
    const std::size_t begin = children_.begin(neighbour);
    if (place_.is_flow()) return writer_.in_brackets(value, indentation_at(text_, begin), form);
    const Node& sibling = children_.value(neighbour);
    const bool beside = sibling.span.begin > begin + 1 && sibling.span.begin < line_end(text_, begin);
    const std::size_t gap = beside ? text_.find_first_not_of(' ', begin + 1) - begin - 1 : 1;
    return "-" + writer_.after_dash(value, column_of(text_, begin), gap, form);
  }

  std::string member_text(const std::string& key, const Json& value) const {
    const Form form = form_like(children_.size() - 1, value, true);
    const std::string name = writer_.key(key, place_.is_flow());
    if (!place_.is_flow()) return name + ":" + writer_.after_key(value, column_of(text_, node_.span.begin), form);
    const std::size_t column = indentation_at(text_, children_.begin(children_.size() - 1));
    const bool spaced = writer_.layout().spaced_colons || !writer_.layout().json;
    return name + (spaced ? ": " : ":") + writer_.in_brackets(value, column, form);
  }

  // Looks at the nearest sibling of the same kind. A member says nothing about its neighbour unless it is short.
  Form form_like(std::size_t nearest, const Json& value, bool only_short) const {
    if (!value.is_structured()) return Form::automatic;
    const NodeKind kind = value.is_object() ? NodeKind::mapping : NodeKind::sequence;
    const auto tells = [&](const Node& node) {
      return node.kind == kind && node.items.size() + node.members.size() > 0 && (!only_short || is_short(node));
    };
    std::vector<const Node*> nodes = siblings();
    nodes.insert(nodes.begin(), &children_.value(nearest));
    const auto sibling = std::find_if(nodes.begin(), nodes.end(), [&](const Node* node) { return tells(*node); });
    if (sibling == nodes.end()) return Form::automatic;
    if (!is_inline(document_, **sibling)) return only_short ? Form::automatic : Form::lines;
    const std::size_t width = std::max(kShortLine, (*sibling)->span.end - (*sibling)->span.begin);
    return writer_.one_line(value).size() <= width ? Form::one_line : Form::lines;
  }

  // `collection` has one child and takes the place of "[]", "{}", null or nothing.
  Splices first_child(const Json& collection) const {
    const bool empty_brackets = !is_null(node_);
    if (place_.in_flow() || writer_.layout().json) return in_place(flow_collection(collection));
    const bool scalar_child = !collection.front().is_structured() && !writer_.wants_literal(collection.front());
    if (empty_brackets && scalar_child) return in_place(writer_.one_line(collection));
    const Node* parent = place_.parent();
    if (parent && parent->kind == NodeKind::mapping) {
      return below_key(collection, empty_brackets ? Form::lines : Form::automatic);
    }
    if (!ends_its_line(text_, node_.span.end)) return in_place(writer_.one_line(collection));
    return in_place(in_place_of_item(collection));
  }

  std::string flow_collection(const Json& collection) const {
    const bool in_one_line = !writer_.layout().json || is_inline(document_, document_.root());
    return writer_.in_brackets(collection, indentation_at(text_, node_.span.begin),
                               in_one_line ? Form::one_line : Form::lines);
  }

  // Behind a dash, or as the root, a block begins where the empty value stood.
  std::string in_place_of_item(const Json& collection) const {
    const std::size_t column = column_of(text_, node_.span.begin) + lead_in(document_, place_).size();
    if (collection.is_array()) return "-" + writer_.after_dash(collection.front(), column, 1, Form::automatic);
    const auto member = collection.begin();
    return writer_.key(member.key(), false) + ":" + writer_.after_key(member.value(), column, Form::automatic);
  }

  Splices in_place(const std::string& written) const {
    return {{node_.span.begin, node_.span.end, lead_in(document_, place_) + written}};
  }

  // edges: []  # note   ->   edges:  # note
  //                            - { from: a, to: b }
  Splices below_key(const Json& collection, Form form) const {
    const std::string written = writer_.after_key(collection, column_of(text_, place_.parent()->span.begin), form);
    std::size_t begin = node_.span.begin;
    while (text_[begin - 1] == ' ') --begin;
    if (written.front() == ' ') return {{begin, node_.span.end, written}};
    const std::size_t at = line_end(text_, node_.span.end);
    return {{begin, node_.span.end, ""}, {at, at, written}};
  }

  const Document& document_;
  std::string_view text_;
  const Place& place_;
  const Node& node_;
  Children children_;
  Writer writer_;
};

// "[ # note \n ]" would lose its note.
bool has_only_blanks(const Document& document, const Node& brackets) {
  const std::string_view inside =
      std::string_view(document.text()).substr(brackets.span.begin + 1, brackets.span.end - brackets.span.begin - 2);
  return inside.find_first_not_of(" \t\r\n") == inside.npos;
}

Result<void> check_takes(const Document& document, const Place& place, NodeKind kind, std::string_view word) {
  const Node& node = place.node();
  const auto refuse = [&](std::string reason) {
    return fail(Error(ErrorKind::failed, std::move(reason)).at(document.locate(node.span.begin, place.pointer)));
  };
  if (node.kind != kind && !is_null(node)) return refuse(fmt::format("'{}' is not a {}", place.pointer, word));
  if (node.kind != kind || node.items.size() + node.members.size() > 0) return {};
  if (!has_only_blanks(document, node)) return refuse(fmt::format("the empty {} holds a comment", word));
  return {};
}

}  // namespace

Result<std::string> add_member(const Document& document, std::string_view pointer, std::string_view key,
                               const Value& value, const KeyOrder& key_order) {
  OE_TRY(const Place place, find_place(document, pointer));
  OE_CHECK(check_takes(document, place, NodeKind::mapping, "mapping"));
  if (const Node* old = place.node().find(key)) {
    return fail(Error(ErrorKind::failed, fmt::format("'{}' has a member '{}' already", pointer, key))
                    .at(document.locate(old->span.begin)));
  }
  const std::string name(key);
  Json intended = tree_of(document);
  at_place(intended, place)[name] = value.json();
  const auto splices = [&](const Layout& layout) {
    return ChildEdit(document, place, value.json(), key_order, layout).new_member(name, value.json());
  };
  return splice_in_style(document, splices, intended, fmt::format("add '{}' to '{}'", key, pointer));
}

Result<std::string> insert_item(const Document& document, std::string_view pointer, std::size_t index,
                                const Value& value, const KeyOrder& key_order) {
  OE_TRY(const Place place, find_place(document, pointer));
  OE_CHECK(check_takes(document, place, NodeKind::sequence, "list"));
  const std::size_t size = place.node().items.size();
  if (index > size) {
    return fail(ErrorKind::bug, fmt::format("position {} in the list '{}' of {} items", index, pointer, size));
  }
  Json intended = tree_of(document);
  Json& list = at_place(intended, place);
  if (list.is_null()) list = Json::array();
  list.insert(list.begin() + static_cast<std::ptrdiff_t>(index), value.json());
  const auto splices = [&](const Layout& layout) {
    return ChildEdit(document, place, value.json(), key_order, layout).new_item(index, value.json());
  };
  return splice_in_style(document, splices, intended, fmt::format("add an item to '{}'", pointer));
}

}  // namespace oe::doc
