#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "graph/path_text.hpp"

namespace oe::graph {

using Json = nlohmann::json;

namespace {

bool is_variable(std::string_view name) {
  return name.starts_with('$');
}

// What a Lookup is asked for, and how many names of the path that stands for.
std::pair<std::string, std::size_t> root_of(const std::vector<std::string>& path) {
  const bool is_node = path.front() == "$nodes" && path.size() > 1;
  return is_node ? std::pair(path[0] + "." + path[1], 2) : std::pair(path[0], 1);
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

// The value of a string that is a path. Outside of a for_each "$item" is only a text.
std::optional<Json> resolved_text(const Json& string, const Lookup& lookup) {
  const auto& text = string.get_ref<const std::string&>();
  const auto path = parse_path(text);
  if (!path) return render(text, lookup, [](std::string_view value) { return std::string(value); });
  if (is_variable(path->front()) && !lookup(root_of(*path).first)) return string;
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

void collect_paths(const Json& tree, std::vector<std::vector<std::string>>& paths) {
  if (tree.is_structured()) {
    for (const Json& part : tree) collect_paths(part, paths);
  } else if (tree.is_string()) {
    const auto& text = tree.get_ref<const std::string&>();
    if (auto path = parse_path(text)) return paths.push_back(std::move(*path));
    for (Placeholder& placeholder : placeholders(text)) paths.push_back(std::move(placeholder.path));
  }
}

}  // namespace

std::optional<std::vector<std::string>> parse_path(std::string_view text) {
  if (!text.starts_with('$')) return std::nullopt;
  Result<PathText> path = read_path(text, 0);
  if (!path || path->end != text.size()) return std::nullopt;
  // "$.50" is a price, and "$nodes" alone names nothing.
  const std::string& root = path->names.front();
  const bool is_text = text.starts_with("$.") ? !is_identifier(root) : root == "$nodes" && path->names.size() == 1;
  return is_text ? std::nullopt : std::optional(std::move(path->names));
}

std::optional<Value> resolve_path(const std::vector<std::string>& path, const Lookup& lookup) {
  if (path.empty()) return std::nullopt;
  const auto [name, length] = root_of(path);
  std::optional<Value> root = lookup(name);
  if (!root || path.size() == length) return root;
  const Json* at = &root->json();
  for (std::size_t i = length; i < path.size(); ++i) {
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

std::vector<std::vector<std::string>> paths_of(const Value& tree) {
  std::vector<std::vector<std::string>> paths;
  collect_paths(tree.json(), paths);
  return paths;
}

std::vector<std::string> fields_of(const Value& tree) {
  std::vector<std::string> fields;
  for (const auto& path : paths_of(tree)) {
    if (!is_variable(path.front())) add_once(fields, path.front());
  }
  return fields;
}

std::vector<std::string> nodes_of(const Value& tree) {
  std::vector<std::string> nodes;
  for (const auto& path : paths_of(tree)) {
    if (path.front() == "$nodes" && path.size() > 1) add_once(nodes, path[1]);
  }
  return nodes;
}

}  // namespace oe::graph
