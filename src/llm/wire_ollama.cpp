// Ollama: POST /api/chat, which answers with lines of JSON.
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

/// OLLAMA_HOST may be a bare host, with or without a port, and the address that a server listens on.
std::string ollama_url(std::string_view base) {
  if (base.find("://") != std::string_view::npos) return std::string(base);
  std::string host(base);
  if (host.starts_with("0.0.0.0")) host.replace(0, 7, "127.0.0.1");
  const std::size_t port = host.rfind(':');
  const bool has_port = port != std::string::npos && host.find(']', port) == std::string::npos;
  return "http://" + host + (has_port ? "" : ":11434");
}

/// The grammar that Ollama makes of a schema keeps the form; only the prompt tells the model what belongs where.
std::string ollama_system(const Ask& ask) {
  return ask.schema.is_null() ? ask.system : system_with_schema(ask);
}

Result<http::Request> ollama_request(const Ask& ask, const Endpoint& endpoint) {
  Json options = {{"num_predict", endpoint.max_tokens}};
  if (ask.temperature) options["temperature"] = *ask.temperature;
  if (endpoint.seed) options["seed"] = *endpoint.seed;
  Json body = {{"model", endpoint.model},
               {"messages", role_messages(ask, "system", ollama_system(ask))},
               {"stream", endpoint.stream},
               {"options", std::move(options)}};
  if (!ask.schema.is_null()) body["format"] = ask.schema.json();
  http::Headers headers;
  if (!endpoint.key.empty()) headers.push_back({"authorization", "Bearer " + endpoint.key});
  return post_json(endpoint, ollama_url(endpoint.base_url) + "/api/chat", std::move(headers), std::move(body));
}

Ending ollama_ending(std::string_view done_reason) {
  if (done_reason == "stop") return Ending::answered;
  return done_reason == "length" ? Ending::truncated : Ending::garbled;
}

class OllamaDialect : public Dialect {
 public:
  using Dialect::Dialect;
  void event(std::string_view name, const Json& data) override;
  void whole(const Json& body) override;

 private:
  void take_last(const Json& data);
};

void OllamaDialect::event(std::string_view, const Json& data) {
  if (draft.find(data, "error") != nullptr) return fail_with(draft, data);
  draft.set_model(draft.text(data, "model"));
  const Json* message = draft.must_find(data, "message");
  const Json* done = draft.must_find(data, "done");
  if (message == nullptr || done == nullptr) return;
  const bool is_last = *done == true;
  // The last line of a stream may leave the content out.
  const auto content = is_last ? draft.text(*message, "content") : draft.must_text(*message, "content");
  draft.say(content.value_or(""));
  if (is_last) take_last(data);
}

void OllamaDialect::take_last(const Json& data) {
  const auto reason = draft.text(data, "done_reason").value_or("stop");  // older versions send none
  Usage usage;
  usage.input = draft.count(data, "prompt_eval_count").value_or(0);
  usage.output = draft.count(data, "eval_count").value_or(0);
  draft.set_usage(usage);
  draft.end(ollama_ending(reason), reason);
  draft.close();
}

void OllamaDialect::whole(const Json& body) {
  event({}, body);
  if (!draft.has_ended()) draft.fail(Ending::garbled, "the answer stopped in the middle");
}

std::unique_ptr<ReplyReader> ollama_reader(const Ask&, const http::Headers& head) {
  return read_body(head, std::make_unique<OllamaDialect>(id_in(head, "x-request-id")), true);
}

}  // namespace

Wire ollama_wire() {
  return {.provider = "ollama",
          .base_url = "http://localhost:11434",
          .base_env = "OLLAMA_HOST",
          .key_env = "",
          .family = "",
          .request = ollama_request,
          .reader = ollama_reader,
          .error = api_error,
          .limits = no_limits};
}

}  // namespace oe::llm
