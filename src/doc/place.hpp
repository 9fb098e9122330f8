#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oe/doc/document.hpp"

#include "doc/writer.hpp"

namespace oe::doc {

/// A node of a document on its way from the root, as an edit needs it.
struct Place {
  std::vector<const Node*> path;    ///< from the root to the node
  std::vector<std::string> tokens;  ///< one less than the path
  std::string pointer;

  const Node& node() const { return *path.back(); }
  const Node* parent() const { return path.size() < 2 ? nullptr : path[path.size() - 2]; }
  /// True when the node stands inside of brackets.
  bool in_flow() const;
  /// True when the node is a collection in brackets or stands inside of one.
  bool is_flow() const;
};

/// The node at a JSON pointer. Errors: failed, when there is none, or when what is written there is shared through
/// an alias, so that changing it would change other places too.
Result<Place> find_place(const Document& document, std::string_view pointer);

/// True for a value that is not there, or null: a place where a collection can begin.
bool is_null(const Node& node);

/// The same place in the plain tree of the document.
nlohmann::json& at_place(nlohmann::json& tree, const Place& place);

/// What has to stand between the text in front of an empty node and the value that is put there.
std::string lead_in(const Document& document, const Place& place);

}  // namespace oe::doc
