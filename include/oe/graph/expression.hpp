#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::graph {

/// Looks up a name at the root of a path; nothing when it is unset. Roots are state fields ("rows" of "$.rows.0.id"),
/// "$item", "$index", "$iter", "$loop", "$pipeline", "$run" ({"id", "inputs", "args"}), and for a node
/// "$nodes.<id>" ({"status", "output"}), which stands for the first two parts of its path.
using Lookup = std::function<std::optional<Value>(std::string_view name)>;

/// A predicate of an edge (`when`) or loop (`until`). The language and its truth table are section 2.2 of the
/// OpenExpertise reference; what follows a complete expression is an error here.
class Expression {
 public:
  /// Errors: kind input; location.column is the 1-based byte in `text`.
  static Result<Expression> parse(std::string_view text);

  /// Never fails: unset operands and mixed types follow JavaScript as the reference states.
  bool holds(const Lookup& lookup) const;
  /// The value itself, for what is no predicate; nothing when it is unset.
  std::optional<Value> value(const Lookup& lookup) const;
  /// State fields that the expression reads, each once, in order of appearance.
  std::vector<std::string> fields() const;
  /// Nodes whose status or output it reads ("$nodes.<id>..."), each once.
  std::vector<std::string> nodes() const;

  struct Term;

 private:
  explicit Expression(std::shared_ptr<const Term> root) : root_(std::move(root)) {}
  std::shared_ptr<const Term> root_;
};

/// "$.a.b.length" split into a, b, length; nothing when the whole text is not a path (section 2.1). "$item.x"
/// gives $item, x.
std::optional<std::vector<std::string>> parse_path(std::string_view text);

/// The value at a path; nothing when it is unset.
std::optional<Value> resolve_path(const std::vector<std::string>& path, const Lookup& lookup);

/// Replaces every string of the tree that is a path by its value; members whose path is unset are dropped,
/// items become null.
Value resolve(const Value& tree, const Lookup& lookup);

/// State fields that the paths of the tree name, each once.
std::vector<std::string> fields_of(const Value& tree);
/// Nodes that the paths of the tree name ("$nodes.<id>..."), each once.
std::vector<std::string> nodes_of(const Value& tree);

/// One "{{name.key.0}}" of a template.
struct Placeholder {
  std::size_t begin = 0;  ///< byte of the first brace
  std::size_t end = 0;    ///< byte after the last one
  std::vector<std::string> path;
};
std::vector<Placeholder> placeholders(std::string_view text);

/// Puts values in place of the placeholders that are set, strings raw and everything else as JSON, each
/// through `quote`; the others stay.
std::string render(std::string_view text, const Lookup& lookup,
                   const std::function<std::string(std::string_view)>& quote);

}  // namespace oe::graph
