#include <algorithm>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/base/value.hpp"
#include "oe/doc/document.hpp"

#include "patch/splice.hpp"

namespace oe::patch {

namespace {

bool is_yaml_path(const std::string& path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

bool is_json_path(const std::string& path) {
  return path.ends_with(".json");
}

bool is_script(const std::string& path) {
  for (const std::string_view end : {".py", ".sh", ".rb", ".toml", ".yaml", ".yml"}) {
    if (path.ends_with(end)) return true;
  }
  return false;
}

bool is_c_like(const std::string& path) {
  for (const std::string_view end : {".js", ".mjs", ".ts", ".c", ".h", ".cpp", ".hpp", ".java", ".go", ".rs"}) {
    if (path.ends_with(end)) return true;
  }
  return false;
}

enum class Comments { none, hash, slashes };

Comments comments_of(const std::string& path) {
  if (is_script(path)) return Comments::hash;
  return is_c_like(path) ? Comments::slashes : Comments::none;
}

// Of a line without blanks at its ends.
bool is_comment(Comments comments, std::string_view text) {
  if (comments == Comments::hash) return text.starts_with('#') && !text.starts_with("#!");
  if (comments == Comments::none || !text.starts_with('/')) return false;
  return text.starts_with("//") || (text.starts_with("/*") && text.ends_with("*/"));
}

constexpr std::size_t kBlock = 256;  ///< bytes that are compared at once

// Whole lines that both start and end with.
std::size_t same_head(std::string_view a, std::string_view b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t differs = 0;
  while (differs + kBlock <= most && a.substr(differs, kBlock) == b.substr(differs, kBlock)) differs += kBlock;
  while (differs < most && a[differs] == b[differs]) ++differs;
  const std::size_t line = differs == 0 ? std::string_view::npos : a.rfind('\n', differs - 1);
  return line == std::string_view::npos ? 0 : line + 1;
}

std::size_t same_tail(std::string_view a, std::string_view b, std::size_t head) {
  const std::size_t most = std::min(a.size(), b.size()) - head;
  const auto block_at = [](std::string_view text, std::size_t tail) {
    return text.substr(text.size() - tail - kBlock, kBlock);
  };
  std::size_t tail = 0;
  while (tail + kBlock <= most && block_at(a, tail) == block_at(b, tail)) tail += kBlock;
  while (tail < most && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  const std::size_t newline = a.find('\n', a.size() - tail);
  return newline == std::string_view::npos ? 0 : a.size() - 1 - newline;
}

std::vector<std::string_view> telling_lines(const std::string& path, std::string_view text) {
  const Comments comments = comments_of(path);
  std::vector<std::string_view> lines;
  for (const Line& line : lines_of(text)) {
    const std::string_view bare = trim(line.text);
    if (!bare.empty() && !is_comment(comments, bare)) lines.push_back(rstrip(line.text));
  }
  return lines;
}

Result<Value> value_of(const std::string& path, const std::string& text) {
  if (is_json_path(path)) return Value::parse(text);
  OE_TRY(const doc::Document document, doc::Document::parse(text, path));
  return doc::to_value(document.root());
}

bool is_jsonl(const std::string& text) {
  for (const Line& line : lines_of(text)) {
    if (!trim(line.text).empty() && !Value::parse(line.text)) return false;
  }
  return true;
}

}  // namespace

bool parses(const std::string& path, const std::string& text) {
  if (is_yaml_path(path) || is_json_path(path)) return doc::Document::parse(text, path).has_value();
  return !path.ends_with(".jsonl") || is_jsonl(text);
}

bool is_without_effect(const std::string& path, const std::string& before, const std::string& after) {
  if (before == after) return true;
  const std::size_t head = same_head(before, after);
  const std::size_t tail = same_tail(before, after, head);
  const auto middle = [&](const std::string& text) {
    return std::string_view(text).substr(head, text.size() - tail - head);
  };
  if (telling_lines(path, middle(before)) != telling_lines(path, middle(after))) return false;
  if (!is_yaml_path(path)) return true;
  const auto old = value_of(path, before);
  const auto now = value_of(path, after);
  return !old || !now || *old == *now;
}

}  // namespace oe::patch
