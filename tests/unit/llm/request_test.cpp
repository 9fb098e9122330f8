#include "oe/base/digest.hpp"

#include "wired.hpp"

namespace oe::llm {
namespace {

Ask sample_ask() {
  Ask ask;
  ask.system = "RULES";
  ask.turns = {{Turn::Role::user, "EVIDENCE"}, {Turn::Role::model, "{}"}, {Turn::Role::user, "AGAIN"}};
  ask.schema = json_value(R"({"type":"object","properties":{"a":{"type":"integer"}},"required":["a"]})");
  ask.schema_name = "my answer!";
  ask.temperature = 0.5;
  return ask;
}
constexpr const char* kStrict =
    R"({"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false})";

Endpoint endpoint(const char* base, const char* key = "secret") {
  return {.base_url = base, .key = key, .model = "m-1", .headers = {}, .seed = 7, .max_tokens = 100};
}

http::Request request(std::string_view provider, const Ask& ask, const Endpoint& endpoint) {
  return wire_of(provider).request(ask, endpoint).value();
}
Value body_of(const http::Request& request) {
  return json_value(request.body);
}
Value with_schema(std::string text, const std::string& schema) {
  text.replace(text.find("$SCHEMA"), 7, schema);
  return json_value(text);
}
std::string header(const http::Request& request, std::string_view name) {
  return std::string(http::find(request.headers, name).value_or("-"));
}
/// The least that can be asked: text in, text out, in one piece.
Ask plain_ask() {
  Ask ask;
  ask.turns = {{Turn::Role::user, "hi"}};
  return ask;
}
Endpoint plain_endpoint(const char* base) {
  Endpoint plain = endpoint(base, "");
  plain.seed.reset();
  plain.stream = false;
  return plain;
}

TEST(AnthropicRequest, IsAsTheApiWantsIt) {
  const auto sent = request("anthropic", sample_ask(), endpoint("https://api.anthropic.com"));
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://api.anthropic.com/v1/messages");
  EXPECT_EQ(header(sent, "x-api-key"), "secret");
  EXPECT_EQ(header(sent, "anthropic-version"), "2023-06-01");
  EXPECT_EQ(header(sent, "content-type"), "application/json");
  EXPECT_EQ(body_of(sent), with_schema(R"({"model":"m-1","max_tokens":100,"stream":true,"temperature":0.5,
      "system":[{"type":"text","text":"RULES","cache_control":{"type":"ephemeral"}}],
      "messages":[{"role":"user","content":"EVIDENCE"},{"role":"assistant","content":"{}"},{"role":"user","content":"AGAIN"}],
      "output_config":{"format":{"type":"json_schema","schema":$SCHEMA}}})",
                                       kStrict));
}
TEST(AnthropicRequest, HasNothingThatWasNotAskedFor) {
  const auto sent = request("anthropic", plain_ask(), plain_endpoint("http://x"));
  EXPECT_EQ(header(sent, "x-api-key"), "-");
  EXPECT_EQ(body_of(sent), json_value(R"({"model":"m-1","max_tokens":100,"stream":false,
      "messages":[{"role":"user","content":"hi"}]})"));
}

TEST(OpenaiRequest, IsAsTheApiWantsIt) {
  const auto sent = request("openai", sample_ask(), endpoint("https://api.openai.com/v1"));
  EXPECT_EQ(sent.url, "https://api.openai.com/v1/responses");
  EXPECT_EQ(header(sent, "authorization"), "Bearer secret");
  EXPECT_EQ(body_of(sent), with_schema(R"({"model":"m-1","max_output_tokens":100,"stream":true,"temperature":0.5,
      "store":false,"prompt_cache_key":")" +
                                           ("oe-" + short_digest("RULES")) + R"(",
      "input":[{"role":"developer","content":"RULES"},{"role":"user","content":"EVIDENCE"},
               {"role":"assistant","content":"{}"},{"role":"user","content":"AGAIN"}],
      "text":{"format":{"type":"json_schema","name":"my_answer_","strict":true,"schema":$SCHEMA}}})",
                                       kStrict));
}
TEST(OpenaiRequest, HasNothingThatWasNotAskedFor) {
  EXPECT_EQ(body_of(request("openai", plain_ask(), plain_endpoint("http://x"))),
            json_value(R"({"model":"m-1","max_output_tokens":100,"stream":false,"store":false,
                           "input":[{"role":"user","content":"hi"}]})"));
}

TEST(ChatRequest, IsAsOpenAiWantsIt) {
  const auto sent = request("openai-chat", sample_ask(), endpoint("https://api.openai.com/v1"));
  EXPECT_EQ(sent.url, "https://api.openai.com/v1/chat/completions");
  EXPECT_EQ(header(sent, "authorization"), "Bearer secret");
  EXPECT_EQ(body_of(sent), with_schema(R"({"model":"m-1","max_completion_tokens":100,"stream":true,"temperature":0.5,
      "seed":7,"stream_options":{"include_usage":true},"prompt_cache_key":")" +
                                           ("oe-" + short_digest("RULES")) + R"(",
      "messages":[{"role":"system","content":"RULES"},{"role":"user","content":"EVIDENCE"},
                  {"role":"assistant","content":"{}"},{"role":"user","content":"AGAIN"}],
      "response_format":{"type":"json_schema",
                         "json_schema":{"name":"my_answer_","strict":true,"schema":$SCHEMA}}})",
                                       kStrict));
}
TEST(ChatRequest, OfAnotherServerHasItsWordsAndAnySchema) {
  Ask ask = sample_ask();
  ask.schema = json_value(R"({"type":"array","items":{"type":"string"}})");  // no strict form
  const auto body = body_of(request("openai-chat", ask, endpoint("http://localhost:8000/v1")));
  EXPECT_EQ(body.get("max_tokens"), Value::of(100));
  EXPECT_TRUE(body.get("max_completion_tokens").is_null());
  EXPECT_TRUE(body.get("prompt_cache_key").is_null());
  EXPECT_EQ(body.get("response_format").get("json_schema").get("schema"), ask.schema);
}
TEST(StrictRequests, TellInWordsWhatASchemaLeavesOpen) {
  Ask ask = sample_ask();
  ask.schema = json_value(R"({"type":"object","properties":{"all":{"type":"object"},"list":{"type":"array"}}})");
  for (const char* provider : {"anthropic", "openai", "openai-chat", "azure", "gemini"}) {
    const auto sent = request(provider, ask, endpoint("https://api.openai.com/v1"));
    EXPECT_NE(sent.body.find("fits this JSON Schema"), std::string::npos) << provider;
    for (const char* strict : {"json_schema", "responseJsonSchema"})
      EXPECT_EQ(sent.body.find(strict), std::string::npos) << provider;
  }
}
TEST(StrictRequests, RefuseWhatNoApiCouldTake) {
  Ask ask = sample_ask();
  ask.schema = json_value(R"({"type":"object","properties":{"self":{"$ref":"#"},"open":{"type":"object"}}})");
  EXPECT_FALSE(find_wire("anthropic")->request(ask, endpoint("http://x")));
}
TEST(ChatRequest, HasNothingThatWasNotAskedFor) {
  const auto sent = request("openai-chat", plain_ask(), plain_endpoint("http://x/v1"));
  EXPECT_EQ(header(sent, "authorization"), "-");
  EXPECT_EQ(body_of(sent), json_value(R"({"model":"m-1","max_tokens":100,"stream":false,
                                          "messages":[{"role":"user","content":"hi"}]})"));
}

TEST(AzureRequest, HasItsHeaderAndUrls) {
  const auto url = [](const char* base) { return request("azure", sample_ask(), endpoint(base)).url; };
  EXPECT_EQ(url("https://me.openai.azure.com"), "https://me.openai.azure.com/openai/v1/chat/completions");
  EXPECT_EQ(url("https://me.openai.azure.com/openai/v1"), "https://me.openai.azure.com/openai/v1/chat/completions");
  EXPECT_EQ(url("https://me.openai.azure.com/openai/deployments/d?api-version=2024-10-21"),
            "https://me.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21");
  const auto sent = request("azure", sample_ask(), endpoint("https://me.openai.azure.com"));
  EXPECT_EQ(header(sent, "api-key"), "secret");
  EXPECT_EQ(header(sent, "authorization"), "-");
  EXPECT_EQ(body_of(sent).get("max_completion_tokens"), Value::of(100));
}

TEST(GeminiRequest, IsAsTheApiWantsIt) {
  const auto sent = request("gemini", sample_ask(), endpoint("https://g.example"));
  EXPECT_EQ(sent.url, "https://g.example/v1beta/models/m-1:streamGenerateContent?alt=sse");
  EXPECT_EQ(header(sent, "x-goog-api-key"), "secret");
  EXPECT_EQ(body_of(sent), with_schema(R"({"systemInstruction":{"parts":[{"text":"RULES"}]},
      "contents":[{"role":"user","parts":[{"text":"EVIDENCE"}]},{"role":"model","parts":[{"text":"{}"}]},
                  {"role":"user","parts":[{"text":"AGAIN"}]}],
      "generationConfig":{"maxOutputTokens":100,"temperature":0.5,"seed":7,"responseMimeType":"application/json",
                          "responseJsonSchema":$SCHEMA}})",
                                       kStrict));
}
TEST(GeminiRequest, HasNothingThatWasNotAskedFor) {
  const auto sent = request("gemini", plain_ask(), plain_endpoint("http://x"));
  EXPECT_EQ(sent.url, "http://x/v1beta/models/m-1:generateContent");
  EXPECT_EQ(body_of(sent), json_value(R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],
                                          "generationConfig":{"maxOutputTokens":100}})"));
}
TEST(GeminiRequest, KeepsModelAndSeedInBounds) {
  Endpoint odd = endpoint("http://x");
  odd.model = "a b?c";
  odd.seed = std::uint64_t{1} << 40 | 5;
  const auto sent = request("gemini", plain_ask(), odd);
  EXPECT_EQ(sent.url, "http://x/v1beta/models/a%20b%3Fc:streamGenerateContent?alt=sse");
  EXPECT_EQ(body_of(sent).get("generationConfig").get("seed"), Value::of(5));
  odd.model = "tunedModels/t";
  EXPECT_EQ(request("gemini", plain_ask(), odd).url, "http://x/v1beta/tunedModels/t:streamGenerateContent?alt=sse");
}

TEST(OllamaRequest, HasTheSchemaAlsoInThePrompt) {
  const Ask ask = sample_ask();
  const auto sent = request("ollama", ask, endpoint("http://localhost:11434", ""));
  EXPECT_EQ(sent.url, "http://localhost:11434/api/chat");
  EXPECT_EQ(header(sent, "authorization"), "-");
  const Value body = body_of(sent);
  EXPECT_EQ(body.get("format"), ask.schema);
  EXPECT_EQ(body.get("options"), json_value(R"({"num_predict":100,"temperature":0.5,"seed":7})"));
  EXPECT_EQ(body.json().at("messages").size(), 4U);
  const std::string system = body.json().at("messages").at(0).at("content");
  EXPECT_TRUE(system.starts_with("RULES\n\n")) << system;
  EXPECT_TRUE(system.ends_with(ask.schema.dump())) << system;
}
TEST(OllamaRequest, HasNothingThatWasNotAskedFor) {
  EXPECT_EQ(body_of(request("ollama", plain_ask(), plain_endpoint("http://x"))),
            json_value(R"({"model":"m-1","stream":false,"options":{"num_predict":100},
                           "messages":[{"role":"user","content":"hi"}]})"));
}
TEST(OllamaRequest, ReadsWhatOllamaHostMayBe) {
  const auto url = [](const char* base) { return request("ollama", plain_ask(), endpoint(base)).url; };
  EXPECT_EQ(url("127.0.0.1:8000"), "http://127.0.0.1:8000/api/chat");
  EXPECT_EQ(url("0.0.0.0"), "http://127.0.0.1:11434/api/chat");
  EXPECT_EQ(url("[::1]"), "http://[::1]:11434/api/chat");
  EXPECT_EQ(url("https://ollama.example"), "https://ollama.example/api/chat");
}

TEST(Request, LetsTheHeadersOfTheEndpointWin) {
  Endpoint own = endpoint("http://x");
  own.headers = {{"Anthropic-Version", "2099-01-01"}, {"x-team", "blue"}};
  const auto sent = request("anthropic", plain_ask(), own);
  EXPECT_EQ(header(sent, "anthropic-version"), "2099-01-01");
  EXPECT_EQ(header(sent, "x-team"), "blue");
  EXPECT_EQ(std::ranges::count_if(sent.headers, [](const auto& h) { return h.name.size() == 17; }), 1);
}
TEST(Request, KeepsTheKeyOutOfUrlAndBody) {
  for (const Wire& wire : wires()) {
    const auto sent = request(wire.provider, sample_ask(), endpoint("http://x"));
    EXPECT_EQ((sent.url + sent.body).find("secret"), std::string::npos) << wire.provider;
  }
}
TEST(Request, WithASchemaThatTheApiCannotTakeNamesThePlace) {
  Ask ask = sample_ask();
  ask.schema = json_value(R"({"type":"object","properties":{"a":{"type":"object","patternProperties":{"^x":{}}}}})");
  for (const std::string_view provider : {"anthropic", "openai", "gemini", "azure"}) {
    const auto sent = wire_of(provider).request(ask, endpoint("http://x"));
    ASSERT_FALSE(sent) << provider;
    EXPECT_EQ(sent.error().kind(), ErrorKind::input);
    EXPECT_NE(sent.error().message().find("/properties/a/patternProperties"), std::string::npos);
  }
  EXPECT_TRUE(wire_of("ollama").request(ask, endpoint("http://x")));
  EXPECT_TRUE(wire_of("openai-chat").request(ask, endpoint("http://localhost:1/v1")));
}
TEST(Request, KeepsTextThatIsNoUtf8OutOfTheJson) {
  Ask ask = plain_ask();
  ask.turns[0].text = "caf\xE9";
  for (const Wire& wire : wires())
    EXPECT_TRUE(Value::parse(request(wire.provider, ask, endpoint("http://x")).body)) << wire.provider;
}

TEST(Wires, AreFoundByName) {
  EXPECT_EQ(wires().size(), 6U);
  for (const Wire& wire : wires()) EXPECT_EQ(find_wire(wire.provider), &wire);
  EXPECT_EQ(find_wire("gpt"), nullptr);
}

}  // namespace
}  // namespace oe::llm
