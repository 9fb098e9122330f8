#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"

namespace re2 {
class RE2;
}

namespace oe::graph {

/// Looks up a name at the root of a path; nothing when it is unset. Roots are state fields ("rows" of "$.rows.0.id"),
/// "$item" (and with `as: row` also "$row"), "$index", "$iter", "$loop", "$pipeline", "$run" ({"id", "inputs",
/// "args"}), and for a node "$nodes.<id>" ({"status", "output"}), which stands for the first two parts of its path.
using Lookup = std::function<std::optional<Value>(std::string_view name)>;

/// What an expression may name where it stands.
struct Scope {
  std::function<FieldType(std::string_view field)> field;  ///< the declared type; any when it is not declared
  std::vector<std::string> variables;                      ///< "$item", "$index", ...; $run is always there
  const std::vector<Input>* inputs = nullptr;              ///< the declared ones; none or nullptr: all names go
  std::function<std::string(std::string_view id)> node;    ///< why a node cannot be named here; empty: it can
};

/// Something in an expression that is never true, never set or not there.
struct Fault {
  Severity severity = Severity::error;  ///< what the reference evaluates without an error is a warning
  std::size_t begin = 0;                ///< bytes of the expression's text
  std::size_t end = 0;
  std::string message;  ///< "the condition cannot hold: $.n is a number and "3" is a string"
  std::string hint;
  friend bool operator==(const Fault&, const Fault&) = default;
};

/// A predicate of an edge (`when`) or loop (`until`). The language and its truth table are section 2.2 of the
/// OpenExpertise reference; what follows a complete expression is an error here. Our additions: docs/workflow.md.
class Expression {
 public:
  /// Errors: kind input; location.column is the 1-based byte in `text`. Names of variables are not looked at: see
  /// faults().
  static Result<Expression> parse(std::string_view text);

  /// Never fails: unset operands and mixed types follow JavaScript as the reference states.
  bool holds(const Lookup& lookup) const;
  /// The value itself, for what is no predicate; nothing when it is unset.
  std::optional<Value> value(const Lookup& lookup) const;
  /// State fields that the expression reads, each once, in order of appearance.
  std::vector<std::string> fields() const;
  /// Nodes whose status or output it reads ("$nodes.<id>..."), each once.
  std::vector<std::string> nodes() const;
  /// What cannot be as it is written, in order of the text.
  std::vector<Fault> faults(const Scope& scope) const;
  /// True when it reads nothing: it always has the same value.
  bool is_constant() const;

  struct Term;

 private:
  Expression(std::string text, std::shared_ptr<const Term> root) : text_(std::move(text)), root_(std::move(root)) {}
  std::string text_;
  std::shared_ptr<const Term> root_;
};

/// `text` in one line with carets under the bytes from `begin` to `end`: two lines, both indented by `indent` blanks.
/// Of a long text only what is near.
std::string pointed_out(std::string_view text, std::size_t begin, std::size_t end, std::size_t indent);

/// A regular expression of RE2: takes linear time, cheap to copy.
class Pattern {
 public:
  /// Errors: kind input, with the reason of RE2.
  static Result<Pattern> compile(std::string_view pattern);
  /// Whether it matches anywhere in the text.
  bool found_in(std::string_view text) const;

 private:
  explicit Pattern(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const re2::RE2> compiled_;
};

/// "$.a.b.length" split into a, b, length; nothing when the whole text is not a path (section 2.1, and beyond it "$.a[0]",
/// "$.a.0" and "$.a["any key"]"). "$item.x" gives $item, x; any "$name" will do: whether there is such a variable only
/// a Lookup knows.
std::optional<std::vector<std::string>> parse_path(std::string_view text);

/// The value at a path; nothing when it is unset.
std::optional<Value> resolve_path(const std::vector<std::string>& path, const Lookup& lookup);

/// Replaces every string of the tree that is a path by its value; members whose path is unset are dropped, items become
/// null. A path that starts at a variable which does not exist is only a text. In every other string the placeholders
/// are rendered.
Value resolve(const Value& tree, const Lookup& lookup);

/// State fields that the paths and placeholders of the tree name, each once.
std::vector<std::string> fields_of(const Value& tree);
/// Nodes that the paths and placeholders of the tree name ("$nodes.<id>..."), each once.
std::vector<std::string> nodes_of(const Value& tree);

/// One "{{name.key.0}}" of a template.
struct Placeholder {
  std::size_t begin = 0;  ///< byte of the first brace
  std::size_t end = 0;    ///< byte after the last one
  std::vector<std::string> path;
};
std::vector<Placeholder> placeholders(std::string_view text);

/// The value of a placeholder: "item" means the variable $item where nothing else has that name.
std::optional<Value> value_of(const Placeholder& placeholder, const Lookup& lookup);

/// Puts values in place of the placeholders that are set, strings raw and everything else as JSON, each
/// through `quote`; the others stay.
std::string render(std::string_view text, const Lookup& lookup,
                   const std::function<std::string(std::string_view)>& quote);

}  // namespace oe::graph
