// Gemini: POST /v1beta/models/{model}:generateContent and :streamGenerateContent?alt=sse.
#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "llm/api_error.hpp"
#include "llm/body_reader.hpp"
#include "llm/post.hpp"
#include "llm/rate_limits.hpp"
#include "llm/wires.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

Json gemini_parts(std::string_view text) {
  return Json::array({{{"text", text}}});
}

/// "models/x" for a plain name; names of tuned models have their own folder. Bytes that no URL has are encoded.
std::string gemini_model(std::string_view model) {
  std::string path = model.find('/') == std::string_view::npos ? "models/" : "";
  for (const char c : model) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_plain || std::string_view("-._~/").find(c) != std::string_view::npos)
      path += c;
    else
      path += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return path;
}

Json gemini_settings(const Ask& ask, const Endpoint& endpoint) {
  Json settings = {{"maxOutputTokens", endpoint.max_tokens}};
  if (ask.temperature) settings["temperature"] = *ask.temperature;
  // A signed integer of 32 bits there.
  if (endpoint.seed) settings["seed"] = *endpoint.seed & static_cast<std::uint64_t>(std::numeric_limits<int>::max());
  if (ask.schema.is_null()) return settings;
  settings["responseMimeType"] = "application/json";
  settings["responseJsonSchema"] = ask.schema.json();
  return settings;
}

Result<http::Request> gemini_request(const Ask& given, const Endpoint& endpoint) {
  OE_TRY(const Ask ask, strict_ask(given, "gemini"));
  Json settings = gemini_settings(ask, endpoint);
  Json contents = Json::array();
  for (const Turn& turn : ask.turns)
    contents.push_back(
        {{"role", turn.role == Turn::Role::user ? "user" : "model"}, {"parts", gemini_parts(turn.text)}});
  Json body = {{"contents", std::move(contents)}, {"generationConfig", std::move(settings)}};
  if (!ask.system.empty()) body["systemInstruction"] = {{"parts", gemini_parts(ask.system)}};
  http::Headers headers;
  if (!endpoint.key.empty()) headers.push_back({"x-goog-api-key", endpoint.key});
  const std::string url = fmt::format("{}/v1beta/{}:{}", endpoint.base_url, gemini_model(endpoint.model),
                                      endpoint.stream ? "streamGenerateContent?alt=sse" : "generateContent");
  return post_json(endpoint, url, std::move(headers), std::move(body));
}

constexpr std::array<std::string_view, 8> kGeminiRefusals = {
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY", "OTHER"};

Ending gemini_ending(std::string_view reason) {
  if (reason == "STOP") return Ending::answered;
  if (reason == "MAX_TOKENS") return Ending::truncated;
  const bool is_refusal = std::ranges::find(kGeminiRefusals, reason) != kGeminiRefusals.end();
  return is_refusal ? Ending::refused : Ending::garbled;
}

class GeminiDialect : public Dialect {
 public:
  using Dialect::Dialect;
  void event(std::string_view name, const Json& data) override;
  void whole(const Json& body) override;
  /// No event says that it is the last; the one with the reason is.
  void at_end() override {
    if (draft.has_ended()) draft.close();
  }

 private:
  void take_candidate(const Json& candidate);
  void take_usage(const Json& counts);
};

void GeminiDialect::event(std::string_view, const Json& data) {
  if (draft.find(data, "error") != nullptr) return fail_with(draft, data);
  draft.set_model(draft.text(data, "modelVersion"));
  draft.set_id(draft.text(data, "responseId"));
  if (const Json* usage = draft.find(data, "usageMetadata")) take_usage(*usage);
  const Json* candidates = draft.find(data, "candidates");
  if (candidates != nullptr && candidates->is_array() && !candidates->empty())
    return take_candidate(candidates->front());
  const Json* feedback = draft.find(data, "promptFeedback");
  const auto blocked = feedback == nullptr ? std::nullopt : draft.text(*feedback, "blockReason");
  if (blocked) return draft.end(Ending::refused, *blocked);
  if (draft.usage() == std::nullopt || candidates != nullptr)
    draft.fail(Ending::garbled, "what came is no answer of Gemini: it has no candidates");
}

/// A list of chunks is what the streaming URL gives without alt=sse.
void GeminiDialect::whole(const Json& body) {
  if (body.is_array())
    for (const Json& chunk : body) event({}, chunk);
  else
    event({}, body);
}

void GeminiDialect::take_candidate(const Json& candidate) {
  const Json* content = draft.find(candidate, "content");
  const auto reason = draft.text(candidate, "finishReason");
  if (content == nullptr && !reason) return draft.fail(Ending::garbled, "a candidate without content");
  const Json* parts = content == nullptr ? nullptr : draft.find(*content, "parts");
  if (parts != nullptr) {
    for (const Json& part : *parts) {
      const Json* thought = draft.find(part, "thought");
      const bool is_thought = thought != nullptr && *thought == true;
      const auto text = draft.text(part, "text");
      if (text && !is_thought) draft.say(*text);
      if (!text && draft.find(part, "thoughtSignature") == nullptr)
        draft.fail(Ending::garbled, "a part of the answer is no text");
    }
  }
  if (reason) draft.end(gemini_ending(*reason), *reason);
}

/// promptTokenCount has the cached ones in it; candidatesTokenCount has no thoughts in it.
void GeminiDialect::take_usage(const Json& counts) {
  const auto count = [&](const char* name) { return draft.count(counts, name).value_or(0); };
  Usage usage;
  usage.input = count("promptTokenCount") + count("toolUsePromptTokenCount");
  usage.cache_read = std::min(count("cachedContentTokenCount"), usage.input);
  usage.input -= usage.cache_read;
  usage.reasoning = count("thoughtsTokenCount");
  usage.output = count("candidatesTokenCount") + usage.reasoning;
  draft.set_usage(usage);
}

std::unique_ptr<ReplyReader> gemini_reader(const Ask&, const http::Headers& head) {
  return read_body(head, std::make_unique<GeminiDialect>(id_in(head, "x-request-id")));
}

}  // namespace

Wire gemini_wire() {
  return {.provider = "gemini",
          .base_url = "https://generativelanguage.googleapis.com",
          .base_env = "GOOGLE_GEMINI_BASE_URL",
          .key_env = "GEMINI_API_KEY",
          .family = "gemini-",
          .request = gemini_request,
          .reader = gemini_reader,
          .error = api_error,
          .limits = no_limits};
}

}  // namespace oe::llm
