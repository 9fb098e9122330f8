#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "graph/lexer.hpp"

namespace oe::graph {

using Json = nlohmann::json;

namespace {

bool is_identifier(std::string_view text) {
  return !text.empty() && is_name_start(text.front()) && std::ranges::all_of(text, is_name_part);
}

bool is_variable(std::string_view name) {
  return name.starts_with('$');
}

// "0" or digits without a leading zero: what JavaScript takes for a position in a list.
const Json* item_at(const Json& list, const std::string& position) {
  if (position.size() > 1 && position.front() == '0') return nullptr;
  std::size_t index = 0;
  const char* end = position.data() + position.size();
  const auto [stop, error] = std::from_chars(position.data(), end, index);
  return error == std::errc() && stop == end && index < list.size() ? &list[index] : nullptr;
}

const Json* member_at(const Json& container, const std::string& name) {
  if (container.is_array()) return item_at(container, name);
  const auto member = container.find(name);
  return member == container.end() ? nullptr : &*member;
}

// The value of a string that is a path; the string itself when it is none, or names a variable that does not
// exist here (outside of a for_each "$item" is only a text).
std::optional<Json> resolved_text(const Json& text, const Lookup& lookup) {
  const auto path = parse_path(text.get_ref<const std::string&>());
  if (!path) return text;
  if (is_variable(path->front()) && !lookup(path->front())) return text;
  const std::optional<Value> value = resolve_path(*path, lookup);
  return value ? std::optional<Json>(value->json()) : std::nullopt;
}

std::optional<Json> resolved(const Json& tree, const Lookup& lookup) {
  if (tree.is_string()) return resolved_text(tree, lookup);
  if (!tree.is_structured()) return tree;
  Json copy = tree.is_array() ? Json::array() : Json::object();
  for (auto part = tree.begin(); part != tree.end(); ++part) {
    std::optional<Json> value = resolved(*part, lookup);
    if (tree.is_array())
      copy.push_back(value ? std::move(*value) : Json());
    else if (value)
      copy[part.key()] = std::move(*value);
  }
  return copy;
}

void collect_paths(const Json& tree, std::vector<std::string>& fields) {
  if (tree.is_string()) {
    const auto path = parse_path(tree.get_ref<const std::string&>());
    if (!path || is_variable(path->front()) || std::ranges::find(fields, path->front()) != fields.end()) return;
    fields.push_back(path->front());
  } else if (tree.is_structured()) {
    for (const Json& part : tree) collect_paths(part, fields);
  }
}

}  // namespace

std::optional<std::vector<std::string>> parse_path(std::string_view text) {
  if (!text.starts_with('$')) return std::nullopt;
  std::vector<std::string> path = split(text, '.');
  const bool state = path.front() == "$";
  if (state ? path.size() == 1 : path.front() != "$item" && path.front() != "$index") return std::nullopt;
  if (!std::all_of(path.begin() + 1, path.end(), is_identifier)) return std::nullopt;
  if (state) path.erase(path.begin());
  return path;
}

std::optional<Value> resolve_path(const std::vector<std::string>& path, const Lookup& lookup) {
  if (path.empty()) return std::nullopt;
  std::optional<Value> root = lookup(path.front());
  if (!root || path.size() == 1) return root;
  const Json* at = &root->json();
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (at->is_array() && path[i] == "length") {
      return i + 1 == path.size() ? std::optional(Value::of(at->size())) : std::nullopt;
    }
    if (!at->is_structured()) return std::nullopt;
    at = member_at(*at, path[i]);
    if (!at) return std::nullopt;
  }
  return Value(*at);
}

Value resolve(const Value& tree, const Lookup& lookup) {
  return Value(resolved(tree.json(), lookup).value_or(Json()));
}

std::vector<std::string> fields_of(const Value& tree) {
  std::vector<std::string> fields;
  collect_paths(tree.json(), fields);
  return fields;
}

}  // namespace oe::graph
