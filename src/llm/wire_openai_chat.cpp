// OpenAI Chat Completions, and every server that speaks it: vLLM, llama.cpp, LM Studio, Ollama under /v1, Azure.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "llm/api_error.hpp"
#include "llm/body_reader.hpp"
#include "llm/openai_usage.hpp"
#include "llm/post.hpp"
#include "llm/rate_limits.hpp"
#include "llm/wires.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kOpenAi = "https://api.openai.com";

/// The strict form where there is one: some servers ask for it, as OpenAI does, and the others take it.
Result<Ask> chat_ask(const Ask& ask, bool is_openai) {
  auto strict = strict_ask(ask, "openai-chat");
  return strict || is_openai ? strict : Result<Ask>(ask);
}

/// What the servers of others do not know and OpenAI wants.
Result<Json> chat_body(const Ask& given, const Endpoint& endpoint, bool is_openai) {
  OE_TRY(const Ask ask, chat_ask(given, is_openai));
  Json body = {
      {"model", endpoint.model}, {"messages", role_messages(ask, "system", ask.system)}, {"stream", endpoint.stream}};
  if (endpoint.stream) body["stream_options"] = {{"include_usage", true}};
  body[is_openai ? "max_completion_tokens" : "max_tokens"] = endpoint.max_tokens;
  if (is_openai && !ask.system.empty()) body["prompt_cache_key"] = cache_key(ask);
  if (ask.temperature) body["temperature"] = *ask.temperature;
  if (endpoint.seed) body["seed"] = *endpoint.seed;
  if (ask.schema.is_null()) return body;
  body["response_format"] = {
      {"type", "json_schema"},
      {"json_schema", {{"name", schema_name(ask)}, {"strict", true}, {"schema", ask.schema.json()}}}};
  return body;
}

Result<http::Request> chat_request(const Ask& ask, const Endpoint& endpoint) {
  OE_TRY(Json body, chat_body(ask, endpoint, endpoint.base_url.starts_with(kOpenAi)));
  http::Headers headers;
  if (!endpoint.key.empty()) headers.push_back({"authorization", "Bearer " + endpoint.key});
  return post_json(endpoint, endpoint.base_url + "/chat/completions", std::move(headers), std::move(body));
}

/// Of a resource ("https://me.openai.azure.com"), or of a deployment with its api-version in the query.
std::string azure_url(const std::string& base) {
  const std::size_t query = std::min(base.find('?'), base.size());
  const std::string path = base.substr(0, query);
  const std::string_view version = path.find("/openai") == std::string::npos ? "/openai/v1" : "";
  return fmt::format("{}{}/chat/completions{}", path, version, base.substr(query));
}

Result<http::Request> azure_request(const Ask& ask, const Endpoint& endpoint) {
  OE_TRY(Json body, chat_body(ask, endpoint, true));
  http::Headers headers;
  if (!endpoint.key.empty()) headers.push_back({"api-key", endpoint.key});
  return post_json(endpoint, azure_url(endpoint.base_url), std::move(headers), std::move(body));
}

Ending chat_ending(std::string_view finish_reason) {
  if (finish_reason == "stop") return Ending::answered;
  if (finish_reason == "length" || finish_reason == "model_length") return Ending::truncated;
  return finish_reason == "content_filter" ? Ending::refused : Ending::garbled;
}

class ChatDialect : public Dialect {
 public:
  using Dialect::Dialect;
  void event(std::string_view name, const Json& data) override;
  void whole(const Json& body) override;
  bool word(std::string_view data) override;

 private:
  void take(const Json& body, std::string_view holder);
  void take_message(const Json& message);
  void take_content(const Json& content);
};

void ChatDialect::event(std::string_view, const Json& data) {
  take(data, "delta");
}
void ChatDialect::whole(const Json& body) {
  take(body, "message");
}

bool ChatDialect::word(std::string_view data) {
  if (data != "[DONE]") return false;
  if (draft.has_ended())
    draft.close();
  else
    draft.fail(Ending::garbled, "the answer came without its finish_reason");
  return true;
}

void ChatDialect::take(const Json& body, std::string_view holder) {
  if (draft.find(body, "error") != nullptr) return fail_with(draft, body);
  draft.set_model(draft.text(body, "model"));
  draft.set_id(draft.text(body, "id"));
  const Json* choices = draft.must_find(body, "choices");
  if (choices == nullptr || !choices->is_array())
    return draft.fail(Ending::garbled, "what came is no chat completion: it has no choices");
  for (const Json& choice : *choices) {
    if (const Json* message = draft.must_find(choice, holder)) take_message(*message);
    if (const auto reason = draft.text(choice, "finish_reason")) draft.end(chat_ending(*reason), *reason);
  }
  if (const auto usage = openai_usage(draft, body, "prompt_tokens", "completion_tokens")) draft.set_usage(*usage);
}

void ChatDialect::take_message(const Json& message) {
  if (const Json* content = draft.find(message, "content")) take_content(*content);
  draft.refuse(draft.text(message, "refusal").value_or(""));
}

/// A string, or parts as some servers have them, with thoughts among them.
void ChatDialect::take_content(const Json& content) {
  if (const auto* text = content.get_ptr<const std::string*>()) return draft.say(*text);
  if (!content.is_array()) return draft.fail(Ending::garbled, "the content of a message is no text");
  for (const Json& part : content)
    if (draft.must_text(part, "type") == "text") draft.say(draft.must_text(part, "text").value_or(""));
}

std::unique_ptr<ReplyReader> chat_reader(const Ask&, const http::Headers& head) {
  return read_body(head, std::make_unique<ChatDialect>(id_in(head, "x-request-id")), true);
}

}  // namespace

Wire openai_chat_wire() {
  return {.provider = "openai-chat",
          .base_url = "https://api.openai.com/v1",
          .base_env = "OPENAI_BASE_URL",
          .key_env = "OPENAI_API_KEY",
          .family = "",
          .request = chat_request,
          .reader = chat_reader,
          .error = api_error,
          .limits = openai_limits};
}

Wire azure_wire() {
  return {.provider = "azure",
          .base_url = "",
          .base_env = "AZURE_OPENAI_ENDPOINT",
          .key_env = "AZURE_OPENAI_API_KEY",
          .family = "",
          .request = azure_request,
          .reader = chat_reader,
          .error = api_error,
          .limits = openai_limits};
}

}  // namespace oe::llm
