#include <fmt/core.h>
#include <optional>

#include "oe/base/text.hpp"
#include "oe/llm/schema.hpp"

#include "llm/plain_line.hpp"

namespace oe::llm {

namespace {

constexpr std::string_view kFence = "```";
constexpr std::size_t kMostTries = 64;  // of braces that may begin an object; each may cost a walk through the text
constexpr JsonLimits kAnswerLimits = {.depth = 100, .bytes = std::size_t{16} << 20};

/// The content of the only fenced block, without the word after its first fence; nothing when there is none or more.
std::optional<std::string_view> only_fence(std::string_view text) {
  const std::size_t open = text.find(kFence);
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t begin = text.find('\n', open);
  const std::size_t close = begin == std::string_view::npos ? begin : text.find("\n```", begin);
  if (close == std::string_view::npos || text.find(kFence, close + 4) != std::string_view::npos) return std::nullopt;
  return text.substr(begin, close - begin);
}

/// Bytes of the balanced {...} at the start of the text; 0 when it does not end.
std::size_t object_length(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') ++i;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '{') ++depth;
    if (c == '}' && --depth == 0) return i + 1;
  }
  return 0;
}

std::vector<Value> objects_in(std::string_view text) {
  std::vector<Value> found;
  std::size_t at = text.find('{');
  for (std::size_t tries = 0; at != std::string_view::npos && tries < kMostTries; ++tries) {
    const std::size_t length = object_length(text.substr(at));
    auto value =
        length == 0 ? Result<Value>(fail(ErrorKind::input, "")) : Value::parse(text.substr(at, length), kAnswerLimits);
    if (value) found.push_back(std::move(*value));
    at = text.find('{', at + (value ? length : 1));
  }
  return found;
}

}  // namespace

Result<Value> json_in(std::string_view text) {
  if (auto whole = Value::parse(trim(text), kAnswerLimits)) return whole;
  if (const auto fenced = only_fence(text))
    if (auto value = Value::parse(trim(*fenced), kAnswerLimits)) return value;
  std::vector<Value> objects = objects_in(text);
  if (objects.size() == 1) return std::move(objects.front());
  if (objects.empty()) return fail(ErrorKind::input, fmt::format("no JSON in '{}'", ellipsis(plain_line(text), 80)));
  return fail(ErrorKind::input, fmt::format("{} JSON objects where one was asked for", objects.size()));
}

}  // namespace oe::llm
