#include "llm/post.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/digest.hpp"
#include "oe/llm/schema.hpp"

#include "llm/schema_open.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

}  // namespace

http::Request post_json(const Endpoint& endpoint, std::string url, http::Headers own, Json body) {
  own.push_back({"content-type", "application/json"});
  for (const auto& more : endpoint.headers) {
    std::erase_if(own, [&](const http::Header& header) { return http::find({header}, more.first).has_value(); });
    own.push_back({more.first, more.second});
  }
  http::Request request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = std::move(own);
  request.body = Value(std::move(body)).dump();
  return request;
}

Json role_messages(const Ask& ask, std::string_view system_role, const std::string& system) {
  Json messages = Json::array();
  const auto add = [&](std::string_view role, const std::string& content) {
    messages.push_back(Json{{"role", role}, {"content", content}});
  };
  if (!system.empty()) add(system_role, system);
  for (const Turn& turn : ask.turns) add(turn.role == Turn::Role::user ? "user" : "assistant", turn.text);
  return messages;
}

std::string system_with_schema(const Ask& ask) {
  return fmt::format("{}{}Answer with one JSON value that fits this JSON Schema, and with nothing else:\n{}",
                     ask.system, ask.system.empty() ? "" : "\n\n", ask.schema.dump());
}

Result<Ask> strict_ask(const Ask& ask, std::string_view provider) {
  Ask strict = ask;
  if (ask.schema.is_null()) return strict;
  if (auto schema = strict_subset(ask.schema)) {
    strict.schema = std::move(*schema);
    return strict;
  }
  auto still = strict_subset(closed(ask.schema));
  if (!still) return fail(std::move(still).error().while_("making the schema strict for " + std::string(provider)));
  strict.system = system_with_schema(ask);
  strict.schema = Value();
  return strict;
}

std::string schema_name(const Ask& ask) {
  std::string name = ask.schema_name.substr(0, 64);
  for (char& c : name) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!is_letter && !(c >= '0' && c <= '9') && c != '-') c = '_';
  }
  return name.empty() ? "answer" : name;
}

std::string cache_key(const Ask& ask) {
  return "oe-" + short_digest(ask.system);
}

}  // namespace oe::llm
