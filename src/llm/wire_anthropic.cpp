// Anthropic Messages: POST /v1/messages.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "llm/api_error.hpp"
#include "llm/body_reader.hpp"
#include "llm/post.hpp"
#include "llm/rate_limits.hpp"
#include "llm/wires.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

Result<http::Request> anthropic_request(const Ask& given, const Endpoint& endpoint) {
  OE_TRY(const Ask ask, strict_ask(given, "anthropic"));
  Json body = {{"model", endpoint.model},
               {"max_tokens", endpoint.max_tokens},
               {"messages", role_messages(ask, {}, {})},
               {"stream", endpoint.stream}};
  if (!ask.system.empty())
    body["system"] = {{{"type", "text"}, {"text", ask.system}, {"cache_control", {{"type", "ephemeral"}}}}};
  if (ask.temperature) body["temperature"] = *ask.temperature;
  if (!ask.schema.is_null())
    body["output_config"] = {{"format", {{"type", "json_schema"}, {"schema", ask.schema.json()}}}};
  http::Headers headers = {{"anthropic-version", "2023-06-01"}};
  if (!endpoint.key.empty()) headers.push_back({"x-api-key", endpoint.key});
  return post_json(endpoint, endpoint.base_url + "/v1/messages", std::move(headers), std::move(body));
}

Ending anthropic_ending(std::string_view stop_reason) {
  if (stop_reason == "end_turn" || stop_reason == "stop_sequence") return Ending::answered;
  if (stop_reason == "max_tokens" || stop_reason == "model_context_window_exceeded") return Ending::truncated;
  return stop_reason == "refusal" ? Ending::refused : Ending::garbled;
}

class AnthropicDialect : public Dialect {
 public:
  using Dialect::Dialect;
  void event(std::string_view name, const Json& data) override;
  void whole(const Json& body) override;

 private:
  void start_block(const Json& data);
  void take_delta(const Json& data);
  void take_head(const Json& message);
  void take_stop(const Json& holder);
  void take_usage(const Json& holder);

  std::optional<std::uint64_t> block_;  // the open content block
  bool is_text_ = false;                // of that block
};

void AnthropicDialect::event(std::string_view name, const Json& data) {
  const auto type = draft.must_text(data, "type");
  if (!type) return;
  if (!name.empty() && name != *type)
    return draft.fail(Ending::garbled, "damaged on its way: an event's name is not the type of its data");
  if (*type == "message_start") {
    if (const Json* message = draft.must_find(data, "message")) take_head(*message);
  } else if (*type == "content_block_start") {
    start_block(data);
  } else if (*type == "content_block_delta") {
    take_delta(data);
  } else if (*type == "content_block_stop") {
    block_.reset();
  } else if (*type == "message_delta") {
    if (const Json* delta = draft.must_find(data, "delta")) take_stop(*delta);
    take_usage(data);
  } else if (*type == "message_stop") {
    draft.close();
  } else if (*type == "error") {
    fail_with(draft, data);
  }
}

void AnthropicDialect::start_block(const Json& data) {
  const Json* block = draft.must_find(data, "content_block");
  if (block == nullptr) return;
  block_ = draft.count(data, "index");
  is_text_ = draft.must_text(*block, "type") == "text";
  if (is_text_) draft.say(draft.must_text(*block, "text").value_or(""));
}

void AnthropicDialect::take_delta(const Json& data) {
  const Json* delta = draft.must_find(data, "delta");
  if (delta == nullptr) return;
  const auto type = draft.must_text(*delta, "type");
  const bool is_known = type == "text_delta" || (type == "citations_delta" && is_text_);
  if (!block_ || draft.count(data, "index") != block_ || is_known != is_text_)
    return draft.fail(Ending::garbled, "damaged on its way: a piece that belongs to no content block");
  if (type == "text_delta") draft.say(draft.must_text(*delta, "text").value_or(""));
}

void AnthropicDialect::take_head(const Json& message) {
  draft.set_model(draft.text(message, "model"));
  draft.set_id(draft.text(message, "id"));
  take_usage(message);
}

void AnthropicDialect::take_stop(const Json& holder) {
  const auto reason = draft.text(holder, "stop_reason");
  if (reason) draft.end(anthropic_ending(*reason), *reason);
}

/// Counts that a later event has are those of the whole message; the others stay.
void AnthropicDialect::take_usage(const Json& holder) {
  const Json* counts = draft.find(holder, "usage");
  if (counts == nullptr) return;
  Usage usage = draft.usage().value_or(Usage{});
  usage.input = draft.count(*counts, "input_tokens").value_or(usage.input);
  usage.cache_read = draft.count(*counts, "cache_read_input_tokens").value_or(usage.cache_read);
  usage.cache_write = draft.count(*counts, "cache_creation_input_tokens").value_or(usage.cache_write);
  usage.output = draft.count(*counts, "output_tokens").value_or(usage.output);
  if (const Json* details = draft.find(*counts, "output_tokens_details"))
    usage.reasoning = draft.count(*details, "thinking_tokens").value_or(usage.reasoning);
  draft.set_usage(usage);
}

void AnthropicDialect::whole(const Json& body) {
  if (draft.must_text(body, "type") == "error") return fail_with(draft, body);
  const Json* content = draft.must_find(body, "content");
  if (content == nullptr || !content->is_array())
    return draft.fail(Ending::garbled, "what came is no message of Anthropic");
  take_head(body);
  for (const Json& block : *content) {
    const bool is_text = draft.must_text(block, "type") == "text";
    const auto text = is_text ? draft.must_text(block, "text") : draft.text(block, "text");
    if (!is_text && text) draft.fail(Ending::garbled, "damaged on its way: a text that is of no known type");
    if (is_text && text) draft.say(*text);
  }
  take_stop(body);
}

std::unique_ptr<ReplyReader> anthropic_reader(const Ask&, const http::Headers& head) {
  return read_body(head, std::make_unique<AnthropicDialect>(id_in(head, "request-id")));
}

}  // namespace

Wire anthropic_wire() {
  return {.provider = "anthropic",
          .base_url = "https://api.anthropic.com",
          .base_env = "ANTHROPIC_BASE_URL",
          .key_env = "ANTHROPIC_API_KEY",
          .family = "claude-",
          .request = anthropic_request,
          .reader = anthropic_reader,
          .error = api_error,
          .limits = anthropic_limits};
}

}  // namespace oe::llm
