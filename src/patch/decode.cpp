#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/value.hpp"

#include "patch/read.hpp"

namespace oe::patch {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 8> kEntities{{{"&lt;", '<'},
                                                                      {"&gt;", '>'},
                                                                      {"&quot;", '"'},
                                                                      {"&#34;", '"'},
                                                                      {"&#39;", '\''},
                                                                      {"&#x27;", '\''},
                                                                      {"&apos;", '\''},
                                                                      {"&amp;", '&'}}};

const std::pair<std::string_view, char>* entity_at(std::string_view text) {
  for (const auto& entity : kEntities) {
    if (text.starts_with(entity.first)) return &entity;
  }
  return nullptr;
}

std::string without_entities(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto* entity = text[i] == '&' ? entity_at(text.substr(i, 6)) : nullptr;
    out += entity != nullptr ? entity->second : text[i];
    if (entity != nullptr) i += entity->first.size() - 1;
  }
  return out;
}

std::string without_backslashes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char next = text[++i];
    if (next == 'n' || next == 't' || next == 'r') {
      out += next == 'n' ? '\n' : next == 't' ? '\t' : '\r';
    } else if (next == '"' || next == '\\' || next == '/') {
      out += next;
    } else {
      out += '\\';
      out += next;
    }
  }
  return out;
}

std::string_view unquoted(std::string_view text) {
  while (!text.empty() && std::string_view(" \r\n\t").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
  return text;
}

// Escaped line ends are many, true ones few.
bool is_escaped(std::string_view text) {
  std::size_t escaped = 0;
  std::size_t real = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') ++real;
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == 'n') ++escaped;
  }
  return escaped > 1 && escaped > real;
}

bool is_diff(const std::string& text) {
  for (const std::string_view sign : {"@@", "--- ", "*** Begin Patch", "<<<<<<<"}) {
    if (text.find(sign) != std::string::npos && text.find('\n') != std::string::npos) return true;
  }
  return false;
}

// {"reason": "...", "diff": "--- a/..."}: the members that are diffs.
std::vector<std::string> diffs_in_json(std::string_view text) {
  std::vector<std::string> diffs;
  const std::size_t open = text.find_first_not_of(" \r\n\t");
  if (open == std::string_view::npos || text[open] != '{') return diffs;
  const auto value = Value::parse(text);
  if (!value) return diffs;
  for (const auto& [key, member] : value->json().items()) {
    if (member.is_string() && is_diff(member.get_ref<const std::string&>())) diffs.push_back(member);
  }
  return diffs;
}

}  // namespace

bool wraps_diff(std::string_view text) {
  return !diffs_in_json(text).empty();
}

bool has_entity(std::string_view text) {
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    if (entity_at(text.substr(at, 6)) != nullptr) return true;
  }
  return false;
}

bool is_all_escaped(std::string_view text) {
  if (!has_entity(text) || text.find('<') != std::string_view::npos) return false;
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    if (entity_at(text.substr(at, 6)) == nullptr) return false;
  }
  return true;
}

std::vector<std::string> decoded(std::string_view text) {
  std::vector<std::string> all = diffs_in_json(text);
  if (!all.empty()) {
    if (all.size() > 1) all.clear();  // which one, nobody knows
    return all;
  }
  if (is_escaped(text)) {
    all.push_back(without_backslashes(unquoted(text)));
    if (is_escaped(all.back())) all.push_back(without_backslashes(unquoted(all.back())));
  }
  const std::string_view base = all.empty() ? text : std::string_view(all.back());
  if (has_entity(base)) {
    std::string once = without_entities(base);
    if (has_entity(once)) {
      std::string twice = without_entities(once);
      all.push_back(std::move(once));
      all.push_back(std::move(twice));
    } else {
      all.push_back(std::move(once));
    }
  }
  return all;
}

}  // namespace oe::patch
