#include <algorithm>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "graph/path_text.hpp"

namespace oe::graph {

namespace {

// The first name may be a variable ("$item"), later ones may be positions ("0").
bool is_placeholder_path(const std::vector<std::string>& path) {
  std::string_view root = path.front();
  if (root.starts_with('$')) root.remove_prefix(1);
  if (!is_identifier(root)) return false;
  return std::all_of(path.begin() + 1, path.end(),
                     [](const std::string& name) { return !name.empty() && std::ranges::all_of(name, is_name_part); });
}

std::optional<Placeholder> placeholder_at(std::string_view text, std::size_t begin) {
  // A name holds no brace, so the first one behind "{{" must be the closing one.
  const std::size_t close = text.find_first_of("{}", begin + 2);
  if (close == std::string_view::npos || !text.substr(close).starts_with("}}")) return std::nullopt;
  Placeholder found{begin, close + 2, split(trim(text.substr(begin + 2, close - begin - 2)), '.')};
  if (!is_placeholder_path(found.path)) return std::nullopt;
  return found;
}

std::string printed(const Value& value) {
  return value.is_string() ? value.string_or("") : value.dump();
}

}  // namespace

std::vector<Placeholder> placeholders(std::string_view text) {
  std::vector<Placeholder> all;
  for (std::size_t at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at)) {
    std::optional<Placeholder> found = placeholder_at(text, at);
    at = found ? found->end : at + 1;
    if (found) all.push_back(std::move(*found));
  }
  return all;
}

std::optional<Value> value_of(const Placeholder& placeholder, const Lookup& lookup) {
  std::vector<std::string> path = placeholder.path;
  if (!path.front().starts_with('$') && !lookup(path.front())) path.front().insert(0, "$");
  return resolve_path(path, lookup);
}

std::string render(std::string_view text, const Lookup& lookup,
                   const std::function<std::string(std::string_view)>& quote) {
  std::string result;
  std::size_t copied = 0;
  for (const Placeholder& placeholder : placeholders(text)) {
    const std::optional<Value> value = value_of(placeholder, lookup);
    if (!value) continue;
    result += text.substr(copied, placeholder.begin - copied);
    result += quote(printed(*value));
    copied = placeholder.end;
  }
  result += text.substr(copied);
  return result;
}

}  // namespace oe::graph
