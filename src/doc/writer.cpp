#include "doc/writer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "doc/scalar_text.hpp"

namespace oe::doc {

namespace {

using Json = nlohmann::json;

bool is_container(const Json& value) {
  return value.is_structured() && !value.empty();
}

std::string in_pair(char open, const std::vector<std::string>& parts, char close, const std::string& padding,
                    const std::string& separator) {
  std::string text(1, open);
  for (std::size_t at = 0; at < parts.size(); ++at) text += (at == 0 ? padding : separator) + parts[at];
  return text + (parts.empty() ? "" : padding) + close;
}

}  // namespace

Writer::Writer(const Layout& layout, std::string newline, std::vector<std::string> keys)
    : layout_(layout), newline_(std::move(newline)), keys_(std::move(keys)) {}

bool Writer::wants_literal(const Json& value) const {
  if (!value.is_string() || layout_.json || !layout_.literal_blocks) return false;
  const auto& text = value.get_ref<const std::string&>();
  return text.find('\n') != std::string::npos && fits_literal(text);
}

bool Writer::has_only_scalars(const Json& collection) const {
  return std::none_of(collection.begin(), collection.end(),
                      [&](const Json& child) { return is_container(child) || wants_literal(child); });
}

Writer::Members Writer::ordered(const Json& object) const {
  Members members;
  for (auto it = object.begin(); it != object.end(); ++it) members.emplace_back(&it.key(), &it.value());
  const auto rank = [&](const auto& entry) { return std::find(keys_.begin(), keys_.end(), *entry.first); };
  std::stable_sort(members.begin(), members.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return members;
}

std::string Writer::scalar(const Json& value, bool in_flow) const {
  return value.is_string() ? text(value.get_ref<const std::string&>(), in_flow) : value.dump();
}

std::string Writer::text(const std::string& value, bool in_flow) const {
  if (layout_.json) return in_double_quotes(value);
  if (is_plain_safe(value, in_flow)) return value;
  return layout_.single_quotes && fits_single_quotes(value) ? in_single_quotes(value) : in_double_quotes(value);
}

std::string Writer::key(std::string_view name, bool in_flow) const {
  const std::string key_text(name);
  if (!layout_.quoted_keys || layout_.json) return text(key_text, in_flow);
  return layout_.single_quotes && fits_single_quotes(name) ? in_single_quotes(name) : in_double_quotes(name);
}

std::string Writer::member(std::string_view name, const std::string& value) const {
  const bool spaced = layout_.spaced_colons || !layout_.json;
  return key(name, true) + (spaced ? ": " : ":") + value;
}

std::string Writer::one_line(const Json& value) const {
  if (!value.is_structured()) return scalar(value, true);
  std::vector<std::string> parts;
  if (value.is_object()) {
    for (const auto& [name, child] : ordered(value)) parts.push_back(member(*name, one_line(*child)));
  } else {
    for (const Json& child : value) parts.push_back(one_line(child));
  }
  const bool padded = value.is_object() ? layout_.padded_braces : layout_.padded_brackets;
  return in_pair(value.is_object() ? '{' : '[', parts, value.is_object() ? '}' : ']', padded ? " " : "",
                 layout_.spaced_commas ? ", " : ",");
}

std::string Writer::bracket_lines(const Json& value, std::size_t column) const {
  const std::size_t inside = column + layout_.step;
  std::string text(1, value.is_object() ? '{' : '[');
  const auto add = [&](const std::string& part) { text += (text.size() == 1 ? "" : ",") + next_line(inside) + part; };
  if (value.is_object()) {
    for (const auto& [name, child] : ordered(value)) {
      add(member(*name, in_brackets(*child, inside, Form::automatic)));
    }
  } else {
    for (const Json& child : value) add(in_brackets(child, inside, Form::automatic));
  }
  return text + next_line(column) + (value.is_object() ? '}' : ']');
}

std::string Writer::in_brackets(const Json& value, std::size_t column, Form form) const {
  if (!layout_.json || !is_container(value) || stands_in_one_line(value, form)) return one_line(value);
  return bracket_lines(value, column);
}

bool Writer::stands_in_one_line(const Json& value, Form form) const {
  if (wants_literal(value)) return false;
  if (!is_container(value) || form == Form::one_line) return true;
  if (form == Form::lines || !has_only_scalars(value) || one_line(value).size() > kShortLine) return false;
  return value.is_object() ? layout_.short_maps_inline : layout_.short_lists_inline;
}

std::string Writer::after_key(const Json& value, std::size_t column, Form form) const {
  if (stands_in_one_line(value, form)) return " " + (is_container(value) ? one_line(value) : scalar(value, false));
  if (value.is_string()) return " " + literal(value, column + layout_.step);
  const std::size_t inside = column + (value.is_array() ? layout_.sequence_offset : layout_.step);
  return next_line(inside) + block(value, inside);
}

std::string Writer::after_dash(const Json& value, std::size_t column, std::size_t gap, Form form) const {
  const std::string space(gap, ' ');
  if (stands_in_one_line(value, form)) return space + (is_container(value) ? one_line(value) : scalar(value, false));
  if (value.is_string()) return space + literal(value, column + layout_.step);
  return space + block(value, column + 1 + gap);
}

std::string Writer::block(const Json& value, std::size_t column) const {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : next_line(column)) + part; };
  if (value.is_object()) {
    for (const auto& [name, child] : ordered(value)) {
      add(key(*name, false) + ":" + after_key(*child, column, Form::automatic));
    }
  } else {
    for (const Json& child : value) add("-" + after_dash(child, column, 1, Form::automatic));
  }
  return text;
}

std::string Writer::literal(const std::string& value, std::size_t column) const {
  const LiteralBlock lines = as_literal(value);
  std::string text = lines.header;
  for (const std::string& line : lines.lines) text += line.empty() ? newline_ : next_line(column) + line;
  return text;
}

}  // namespace oe::doc
