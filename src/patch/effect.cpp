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

bool is_comment(const std::string& path, std::string_view line) {
  const std::string_view text = trim(line);
  if (is_script(path) && text.starts_with('#')) return !text.starts_with("#!");
  return is_c_like(path) && (text.starts_with("//") || (text.starts_with("/*") && text.ends_with("*/")));
}

std::vector<std::string_view> telling_lines(const std::string& path, const std::string& text) {
  std::vector<std::string_view> lines;
  for (const Line& line : lines_of(text)) {
    if (!trim(line.text).empty() && !is_comment(path, line.text)) lines.push_back(rstrip(line.text));
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
  if (telling_lines(path, before) != telling_lines(path, after)) return false;
  if (!is_yaml_path(path)) return true;
  const auto old = value_of(path, before);
  const auto now = value_of(path, after);
  return !old || !now || *old == *now;
}

}  // namespace oe::patch
