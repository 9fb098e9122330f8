// OpenAI Responses: POST /v1/responses.
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

/// Nothing is left with the provider (`store`), as the ledger keeps what was said. The API has no seed.
Result<http::Request> responses_request(const Ask& given, const Endpoint& endpoint) {
  OE_TRY(const Ask ask, strict_ask(given, "openai"));
  Json body = {{"model", endpoint.model},
               {"input", role_messages(ask, "developer", ask.system)},
               {"max_output_tokens", endpoint.max_tokens},
               {"store", false},
               {"stream", endpoint.stream}};
  if (!ask.system.empty()) body["prompt_cache_key"] = cache_key(ask);
  if (ask.temperature) body["temperature"] = *ask.temperature;
  if (!ask.schema.is_null())
    body["text"] = {
        {"format",
         {{"type", "json_schema"}, {"name", schema_name(ask)}, {"strict", true}, {"schema", ask.schema.json()}}}};
  http::Headers headers;
  if (!endpoint.key.empty()) headers.push_back({"authorization", "Bearer " + endpoint.key});
  return post_json(endpoint, endpoint.base_url + "/responses", std::move(headers), std::move(body));
}

class ResponsesDialect : public Dialect {
 public:
  using Dialect::Dialect;
  void event(std::string_view name, const Json& data) override;
  void whole(const Json& body) override;

 private:
  void take_last(const Json& response);
  void take_output(const Json& output, Draft& into);
  void take_item(const Json& item, Draft& into);
  void take_status(const Json& response);
};

void ResponsesDialect::event(std::string_view name, const Json& data) {
  const auto type = draft.must_text(data, "type");
  if (!type) return;
  if (!name.empty() && name != *type)
    return draft.fail(Ending::garbled, "damaged on its way: an event's name is not the type of its data");
  if (*type == "response.output_text.delta") {
    draft.say(draft.must_text(data, "delta").value_or(""));
  } else if (*type == "response.refusal.delta") {
    draft.refuse(draft.must_text(data, "delta").value_or(""));
  } else if (*type == "response.completed" || *type == "response.incomplete" || *type == "response.failed") {
    if (const Json* response = draft.must_find(data, "response")) take_last(*response);
  } else if (*type == "error") {
    fail_with(draft, data);
  }
}

/// The last event repeats everything, which shows whether a piece was lost.
void ResponsesDialect::take_last(const Json& response) {
  take_status(response);
  Draft again{std::string()};
  if (const Json* output = draft.find(response, "output"); output != nullptr && !output->empty()) {
    take_output(*output, again);
    if (again.said() != draft.said())
      return draft.fail(Ending::garbled, "damaged on its way: the pieces of the answer are not the whole of it");
  }
  draft.close();
}

void ResponsesDialect::whole(const Json& body) {
  if (const Json* output = draft.find(body, "output")) take_output(*output, draft);
  take_status(body);
}

void ResponsesDialect::take_output(const Json& output, Draft& into) {
  if (!output.is_array()) return draft.fail(Ending::garbled, "what came is no response of OpenAI");
  for (const Json& item : output) take_item(item, into);
}

void ResponsesDialect::take_item(const Json& item, Draft& into) {
  const auto type = draft.must_text(item, "type");
  const Json* content = draft.find(item, "content");
  if (type == "reasoning" || (type != "message" && content == nullptr)) return;
  if (type != "message" || content == nullptr || !content->is_array())
    return draft.fail(Ending::garbled, "damaged on its way: an item of the output is no message");
  for (const Json& part : *content) {
    const auto kind = draft.must_text(part, "type");
    if (kind == "output_text")
      into.say(draft.must_text(part, "text").value_or(""));
    else if (kind == "refusal")
      into.refuse(draft.must_text(part, "refusal").value_or(""));
    else
      draft.fail(Ending::garbled, "a part of the answer is neither text nor refusal");
  }
}

void ResponsesDialect::take_status(const Json& response) {
  draft.set_model(draft.text(response, "model"));
  draft.set_id(draft.text(response, "id"));
  if (const auto usage = openai_usage(draft, response, "input_tokens", "output_tokens")) draft.set_usage(*usage);
  const auto status = draft.text(response, "status").value_or("no status");
  if (status == "failed" || draft.find(response, "error") != nullptr) return fail_with(draft, response);
  if (status == "completed") return draft.end(Ending::answered, status);
  const Json* details = status == "incomplete" ? draft.must_find(response, "incomplete_details") : nullptr;
  const auto reason = details == nullptr ? status : draft.must_text(*details, "reason").value_or("");
  if (reason == "max_output_tokens") return draft.end(Ending::truncated, reason);
  draft.end(reason == "content_filter" ? Ending::refused : Ending::garbled, reason);
}

std::unique_ptr<ReplyReader> responses_reader(const Ask&, const http::Headers& head) {
  return read_body(head, std::make_unique<ResponsesDialect>(id_in(head, "x-request-id")));
}

}  // namespace

Wire openai_wire() {
  return {.provider = "openai",
          .base_url = "https://api.openai.com/v1",
          .base_env = "OPENAI_BASE_URL",
          .key_env = "OPENAI_API_KEY",
          .family = "gpt- o1 o3 o4 chatgpt-",
          .request = responses_request,
          .reader = responses_reader,
          .error = api_error,
          .limits = openai_limits};
}

}  // namespace oe::llm
