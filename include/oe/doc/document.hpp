#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::doc {

/// Byte offsets into the document's text, end exclusive.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

enum class NodeKind { scalar, sequence, mapping, alias };
enum class Style { plain, single_quoted, double_quoted, literal, folded, block, flow };

struct Member;

/// What YAML calls a node's properties, as written; empty when there is none.
struct NodeProperties {
  std::string tag;
  std::string anchor;
};

/// One node of the located tree. `span` covers the node itself (quotes included, anchor and tag not); it is
/// empty at the place where a missing value would stand.
struct Node {
  NodeKind kind = NodeKind::scalar;
  Style style = Style::plain;
  Span span;
  std::string text;                            ///< of a scalar, after unescaping
  std::unique_ptr<NodeProperties> properties;  ///< null for most nodes
  const Node* target = nullptr;                ///< of an alias; owned by the document
  std::vector<Node> items;                     ///< of a sequence
  std::vector<Member> members;                 ///< of a mapping, in the order of the file

  std::string_view tag() const { return properties ? std::string_view(properties->tag) : std::string_view(); }
  std::string_view anchor() const { return properties ? std::string_view(properties->anchor) : std::string_view(); }
  /// This node, or what it is an alias of.
  const Node& resolved() const { return target ? *target : *this; }
  /// The value of a member of this mapping (or of the mapping that this alias names), or nullptr.
  const Node* find(std::string_view key) const;
};

struct Member {
  Node key;
  Node value;
};

/// What a file from outside may be at most.
struct Limits {
  std::size_t bytes = std::size_t{8} << 20;
  std::size_t depth = 64;
  std::size_t nodes = 400'000;  ///< after every alias is written out
  std::size_t aliases = 100;
};

/// A YAML 1.2 (core schema) or JSON file: its text, byte for byte, and the located tree over it (libyaml
/// inside). Keys are always scalars, and compare by their text.
class Document {
 public:
  /// `name` is what messages call the file. Errors: kind input, with the place: not UTF-8, syntax, duplicate
  /// keys, tabs, more than one document, recursion through an alias, and whatever passes a limit.
  static Result<Document> parse(std::string text, std::string name, const Limits& limits = {});

  const std::string& text() const;
  const std::string& name() const;
  const Limits& limits() const;  ///< the ones it was parsed with
  const Node& root() const;

  /// Line and column of a byte, with the given JSON pointer.
  Location locate(std::size_t offset, std::string path = {}) const;
  /// The node at a JSON pointer (RFC 6901), through aliases; nullptr when there is none.
  const Node* at(std::string_view pointer) const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
  explicit Document(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
};

/// The plain value of a node under the YAML 1.2 core schema: null, true/false, integers, floats; quoted text
/// is always a string. Integers that do not fit 64 bits become doubles. What no JSON number can say (.inf,
/// .nan, 1e999) stays the text that was written. Merge keys (<<) are plain keys. Of the tags only !!str (or !)
/// and !!null, !!bool, !!int, !!float mean something.
Value to_value(const Node& node);

/// One token of a JSON pointer, escaped ("~" and "/").
std::string pointer_token(std::string_view key);

}  // namespace oe::doc
