#include "post.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "oe/base/digest.hpp"
#include "oe/llm/schema.hpp"

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

Result<Json> strict_schema(const Ask& ask, std::string_view provider) {
  auto schema = strict_subset(ask.schema);
  if (!schema) return fail(std::move(schema).error().while_("making the schema strict for " + std::string(provider)));
  return schema->json();
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
