#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "doc/layout.hpp"

namespace oe::doc {

/// Whether a collection stands in one line, in brackets, or over several lines (in JSON: brackets over several).
enum class Form { automatic, one_line, lines };

/// Writes values the way the author of a document does. What is returned holds its line ends and indentation but
/// begins without indentation and ends without a line end.
class Writer {
 public:
  /// New mappings get their keys in the order of `keys`; keys that are not in it follow alphabetically.
  Writer(const Layout& layout, std::string newline, std::vector<std::string> keys);

  std::string scalar(const nlohmann::json& value, bool in_flow) const;
  std::string key(std::string_view text, bool in_flow) const;
  /// In one line, with brackets.
  std::string one_line(const nlohmann::json& value) const;
  /// In brackets over several lines; `column` is the indentation of the line where it begins.
  std::string bracket_lines(const nlohmann::json& value, std::size_t column) const;
  /// Inside of brackets: one line or several as `form` (or the author's habit) says.
  std::string in_brackets(const nlohmann::json& value, std::size_t column, Form form) const;
  /// What follows "key:" in a block mapping at `column`: " 1", or line ends and blocks.
  std::string after_key(const nlohmann::json& value, std::size_t column, Form form) const;
  /// What follows "-" and `gap` spaces in a block sequence at `column`.
  std::string after_dash(const nlohmann::json& value, std::size_t column, std::size_t gap, Form form) const;

  /// True for a text that is best written as a literal block: several lines and nothing that a block cannot hold.
  bool wants_literal(const nlohmann::json& value) const;

  const std::string& newline() const { return newline_; }
  const Layout& layout() const { return layout_; }
  /// A line end and the indentation of the next line.
  std::string next_line(std::size_t column) const { return newline_ + std::string(column, layout_.indentation); }

 private:
  using Members = std::vector<std::pair<const std::string*, const nlohmann::json*>>;
  Members ordered(const nlohmann::json& object) const;
  std::string text(const std::string& value, bool in_flow) const;
  std::string member(std::string_view name, const std::string& value) const;
  bool has_only_scalars(const nlohmann::json& collection) const;
  bool stands_in_one_line(const nlohmann::json& value, Form form) const;
  std::string block(const nlohmann::json& value, std::size_t column) const;
  std::string literal(const std::string& value, std::size_t column) const;

  Layout layout_;
  std::string newline_;
  std::vector<std::string> keys_;
};

}  // namespace oe::doc
