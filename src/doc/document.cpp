#include "oe/doc/document.hpp"

#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "doc/anchors.hpp"
#include "doc/pointer.hpp"
#include "doc/source.hpp"
#include "doc/tree_builder.hpp"

namespace oe::doc {

struct Document::Impl {
  Source source;
  Limits limits;
  Node root;
};

namespace {

Result<void> check_bytes(const Source& source) {
  const auto bad = invalid_utf8(source.text());
  if (!bad) return {};
  const auto byte = static_cast<unsigned char>(source.text()[*bad]);
  return fail(Error(ErrorKind::input, fmt::format("not valid UTF-8: the byte 0x{:02X}", byte), "save the file as UTF-8")
                  .at(source.locate(*bad)));
}

const Node* child(const Node& parent, const std::string& token) {
  const Node& node = parent.resolved();
  if (node.kind == NodeKind::mapping) return node.find(token);
  const auto index = as_index(token);
  return index && *index < node.items.size() ? &node.items[*index] : nullptr;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Member& member : resolved().members) {
    if (member.key.text == key) return &member.value;
  }
  return nullptr;
}

Result<Document> Document::parse(std::string text, std::string name, const Limits& limits) {
  if (text.size() > limits.bytes) {
    return fail(Error(ErrorKind::input,
                      fmt::format("the file has {} bytes; the limit is {}", text.size(), limits.bytes),
                      "split the file")
                    .at({.file = std::move(name)}));
  }
  Impl impl{.source = Source(std::move(text), std::move(name)), .limits = limits, .root = {}};
  OE_CHECK(check_bytes(impl.source));
  OE_TRY(Tree tree, build_tree(impl.source, limits));
  impl.root = std::move(tree.root);
  auto shared = std::make_shared<Impl>(std::move(impl));
  bind_aliases(shared->root, tree.alias_targets);
  return Document(std::move(shared));
}

const std::string& Document::text() const {
  return impl_->source.text();
}
const std::string& Document::name() const {
  return impl_->source.name();
}
const Limits& Document::limits() const {
  return impl_->limits;
}
const Node& Document::root() const {
  return impl_->root;
}

Location Document::locate(std::size_t offset, std::string path) const {
  return impl_->source.locate(offset, std::move(path));
}

const Node* Document::at(std::string_view pointer) const {
  const auto tokens = pointer_tokens(pointer);
  if (!tokens) return nullptr;
  const Node* node = &root();
  for (const std::string& token : *tokens) {
    node = child(*node, token);
    if (!node) return nullptr;
  }
  return node;
}

}  // namespace oe::doc
