#include "wired.hpp"

namespace oe::llm {
namespace {

class EveryReply : public testing::TestWithParam<ReplySample> {};

void expect_sample(const Reply& reply, const ReplySample& sample) {
  EXPECT_EQ(to_string(reply.ending), "answered") << reply.error;
  EXPECT_EQ(reply.text, sample.text);
  EXPECT_EQ(reply.usage, sample.usage);
  EXPECT_EQ(reply.model, sample.model);
  EXPECT_EQ(reply.request_id, sample.request_id);
  EXPECT_EQ(reply.error, "");
}

TEST_P(EveryReply, IsReadInOnePiece) {
  expect_sample(read_reply(GetParam().provider, GetParam().type, GetParam().body), GetParam());
}
TEST_P(EveryReply, IsReadInPiecesOfAnySize) {
  for (const std::size_t step : {1U, 2U, 3U, 7U, 64U, 1000U})
    expect_sample(read_reply(GetParam().provider, {{"content-type", GetParam().type}}, GetParam().body, step),
                  GetParam());
}
TEST_P(EveryReply, IsReadWithoutAContentTypeUnlessItIsLines) {
  const Reply reply = read_reply(GetParam().provider, http::Headers{}, GetParam().body);
  if (std::string_view(GetParam().type) == "application/x-ndjson")
    EXPECT_EQ(reply.ending, Ending::garbled);
  else
    expect_sample(reply, GetParam());
}
TEST_P(EveryReply, TellsHowFarItIs) {
  const auto reader = wire_of(GetParam().provider).reader(Ask{}, {{"content-type", GetParam().type}});
  EXPECT_EQ(reader->text_bytes(), 0U);
  reader->feed(GetParam().body);
  const bool streams = std::string_view(GetParam().name).ends_with("Stream");
  EXPECT_EQ(reader->text_bytes(), streams ? GetParam().text.size() : 0);
  reader->finish();
  EXPECT_EQ(reader->output_tokens(), GetParam().usage.output);
}
INSTANTIATE_TEST_SUITE_P(Apis, EveryReply, testing::ValuesIn(reply_samples()),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST(ReplyHead, GivesTheRequestId) {
  const ReplySample& sample = reply_samples().front();
  const Reply reply =
      read_reply(sample.provider, {{"Content-Type", sample.type}, {"Request-Id", "req_9"}}, sample.body);
  EXPECT_EQ(reply.request_id, "req_9");
}
TEST(ReplyHead, OfAnotherContentTypeIsGarbledAndSaysWhatCame) {
  const Reply reply =
      read_reply("openai", "text/html; charset=utf-8", "<html>\n<title>Sign in</title>\n" + std::string(500, 'x'));
  EXPECT_EQ(reply.ending, Ending::garbled);
  EXPECT_TRUE(reply.error.starts_with("the answer is text/html, not JSON: '<html> <title>Sign in</title> xxx"))
      << reply.error;
  EXPECT_LT(reply.error.size(), 200U);
}
TEST(ReplyHead, OfAnEmptyBodyIsGarbled) {
  for (const char* type : {"application/json", "text/event-stream", "application/x-ndjson", "text/html", ""})
    for (const Wire& wire : wires()) {
      const Reply reply = read_reply(wire.provider, type, "");
      EXPECT_EQ(reply.ending, Ending::garbled) << wire.provider << " " << type;
      EXPECT_NE(reply.error, "");
    }
}

std::string event(const std::string& data) {
  const std::string type = Value::parse(data)->get("type").string_or("");
  return (type.empty() ? "" : "event: " + type + "\n") + "data: " + data + "\n\n";
}
Reply stream(std::string_view provider, const std::string& body) {
  return read_reply(provider, "text/event-stream", body);
}
Reply whole(std::string_view provider, const std::string& body) {
  return read_reply(provider, "application/json", body);
}

std::string anthropic_with(const char* stop_reason) {
  return std::string(R"({"type":"message","id":"m","model":"c","content":[{"type":"text","text":"half"}],)") +
         R"("stop_reason":")" + stop_reason + R"(","usage":{"input_tokens":1,"output_tokens":2}})";
}
TEST(AnthropicEnding, IsWhatTheStopReasonSays) {
  EXPECT_EQ(whole("anthropic", anthropic_with("end_turn")).ending, Ending::answered);
  EXPECT_EQ(whole("anthropic", anthropic_with("max_tokens")).ending, Ending::truncated);
  EXPECT_EQ(whole("anthropic", anthropic_with("model_context_window_exceeded")).ending, Ending::truncated);
  EXPECT_EQ(whole("anthropic", anthropic_with("refusal")).ending, Ending::refused);
  EXPECT_EQ(whole("anthropic", anthropic_with("pause_turn")).ending, Ending::garbled);
}
TEST(AnthropicEnding, KeepsTheTextOfAnAnswerThatWasCut) {
  const Reply reply = whole("anthropic", anthropic_with("max_tokens"));
  EXPECT_EQ(reply.text, "half");
  EXPECT_EQ(reply.usage->output, 2U);
  EXPECT_EQ(reply.error, "the answer was cut off (max_tokens): give it more tokens with max_tokens, or ask for less");
}
TEST(AnthropicEnding, IsUnavailableWhenAStreamBringsAnOverload) {
  const Reply reply = stream(
      "anthropic", event(R"({"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":1}}})") +
                       event(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"));
  EXPECT_EQ(reply.ending, Ending::unavailable);
  EXPECT_EQ(reply.error, "the API gave up in the middle of its answer: Overloaded");
}
TEST(AnthropicEnding, IsDeniedWhenAStreamBringsTheEndOfTheMoney) {
  EXPECT_EQ(
      stream("anthropic", event(R"({"type":"error","error":{"type":"billing_error","message":"no money"}})")).ending,
      Ending::denied);
}
TEST(AnthropicEvents, OfUnknownTypesAreLeftOut) {
  std::string body = reply_samples().front().body;
  body.insert(0, event(R"({"type":"something_new","x":1})"));
  EXPECT_EQ(stream("anthropic", body).ending, Ending::answered);
}
TEST(AnthropicEvents, WithoutNamesAreRead) {
  std::string body;
  for (const char* data :
       {R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}})",
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"}})",
        R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})", R"({"type":"message_stop"})"})
    body += "data: " + std::string(data) + "\n\n";
  EXPECT_EQ(stream("anthropic", body).text, "ab");
  EXPECT_EQ(stream("anthropic", body).ending, Ending::answered);
}

std::string responses_with(const std::string& rest,
                           const std::string& part = R"({"type":"output_text","text":"half"})") {
  return R"({"id":"r","model":"g","output":[{"type":"message","content":[)" + part + "]}]," + rest + "}";
}
TEST(ResponsesEnding, IsWhatTheStatusSays) {
  EXPECT_EQ(whole("openai", responses_with(R"("status":"completed")")).ending, Ending::answered);
  EXPECT_EQ(
      whole("openai", responses_with(R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"})"))
          .ending,
      Ending::truncated);
  EXPECT_EQ(whole("openai", responses_with(R"("status":"incomplete","incomplete_details":{"reason":"content_filter"})"))
                .ending,
            Ending::refused);
  EXPECT_EQ(whole("openai", responses_with(R"("status":"queued")")).ending, Ending::garbled);
  EXPECT_EQ(whole("openai", responses_with(R"("x":1)")).ending, Ending::garbled);
}
TEST(ResponsesEnding, IsRefusedWithTheWordsOfTheModel) {
  const Reply reply =
      whole("openai", responses_with(R"("status":"completed")", R"({"type":"refusal","refusal":"I cannot help."})"));
  EXPECT_EQ(reply.ending, Ending::refused);
  EXPECT_EQ(reply.error, "the model would not answer: I cannot help.");
}
TEST(ResponsesEnding, IsRefusedInAStream) {
  const Reply reply =
      stream("openai",
             event(R"({"type":"response.refusal.delta","delta":"I can"})") +
                 event(R"({"type":"response.refusal.delta","delta":"not."})") +
                 event(R"({"type":"response.completed","response":)" +
                       responses_with(R"("status":"completed")", R"({"type":"refusal","refusal":"I cannot."})") + "}"));
  EXPECT_EQ(reply.ending, Ending::refused);
  EXPECT_EQ(reply.error, "the model would not answer: I cannot.");
}
TEST(ResponsesEnding, IsUnavailableWhenAStreamFails) {
  const Reply reply = stream(
      "openai",
      event(
          R"({"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"oops"}}})"));
  EXPECT_EQ(reply.ending, Ending::unavailable);
  EXPECT_EQ(reply.error, "the API gave up in the middle of its answer: oops");
  EXPECT_EQ(stream("openai", event(R"({"type":"error","code":"insufficient_quota","message":"m"})")).ending,
            Ending::denied);
}
TEST(ResponsesEnding, IsGarbledWhenThePiecesAreNotTheWhole) {
  const Reply reply = stream("openai", event(R"({"type":"response.output_text.delta","delta":"ha"})") +
                                           event(R"({"type":"response.completed","response":)" +
                                                 responses_with(R"("status":"completed")") + "}"));
  EXPECT_EQ(reply.ending, Ending::garbled);
}

std::string chat_with(const char* finish, const std::string& message = R"({"content":"half"})") {
  return R"({"id":"c","model":"g","choices":[{"message":)" + message + R"(,"finish_reason":")" + finish + "\"}]}";
}
TEST(ChatEnding, IsWhatTheFinishReasonSays) {
  EXPECT_EQ(whole("openai-chat", chat_with("stop")).ending, Ending::answered);
  EXPECT_EQ(whole("openai-chat", chat_with("length")).ending, Ending::truncated);
  EXPECT_EQ(whole("azure", chat_with("content_filter")).ending, Ending::refused);
  EXPECT_EQ(whole("openai-chat", chat_with("tool_calls")).ending, Ending::garbled);
  EXPECT_EQ(whole("openai-chat", R"({"choices":[{"message":{"content":"x"}}]})").ending, Ending::garbled);
}
TEST(ChatEnding, IsRefusedWithTheWordsOfTheModel) {
  const Reply reply = whole("openai-chat", chat_with("stop", R"({"content":null,"refusal":"No."})"));
  EXPECT_EQ(reply.ending, Ending::refused);
  EXPECT_EQ(reply.error, "the model would not answer: No.");
}
TEST(ChatEnding, IsUnavailableWhenAStreamBringsAnError) {
  EXPECT_EQ(stream("openai-chat", event(R"({"error":{"message":"out of memory","code":500}})")).ending,
            Ending::unavailable);
}
TEST(ChatEnding, IsGarbledWithoutTheLastWord) {
  EXPECT_EQ(stream("openai-chat", event(R"({"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]})")).ending,
            Ending::garbled);
}
TEST(ChatAnswer, MayBeInParts) {
  EXPECT_EQ(whole("openai-chat", chat_with("stop", R"({"content":[{"type":"thinking","thinking":[]},)"
                                                   R"({"type":"text","text":"a"},{"type":"text","text":"b"}]})"))
                .text,
            "ab");
}
TEST(ChatAnswer, IsWithoutTheThoughtsBeforeIt) {
  EXPECT_EQ(whole("openai-chat", chat_with("stop", R"({"content":"<think>\n{\"a\":1}\n</think>\n\n{\"a\":2}"})")).text,
            R"({"a":2})");
  EXPECT_EQ(whole("openai-chat", chat_with("stop", R"({"content":"say <think>x</think>"})")).text,
            "say <think>x</think>");
}

std::string gemini_with(const char* reason) {
  return std::string(R"({"candidates":[{"content":{"parts":[{"text":"half"}]},"finishReason":")") + reason + "\"}]}";
}
TEST(GeminiEnding, IsWhatTheFinishReasonSays) {
  EXPECT_EQ(whole("gemini", gemini_with("STOP")).ending, Ending::answered);
  EXPECT_EQ(whole("gemini", gemini_with("MAX_TOKENS")).ending, Ending::truncated);
  EXPECT_EQ(whole("gemini", gemini_with("SAFETY")).ending, Ending::refused);
  EXPECT_EQ(whole("gemini", gemini_with("RECITATION")).ending, Ending::refused);
  EXPECT_EQ(whole("gemini", gemini_with("MALFORMED_FUNCTION_CALL")).ending, Ending::garbled);
}
TEST(GeminiEnding, IsRefusedWhenThePromptIsBlocked) {
  const Reply reply = whole("gemini", R"({"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}})");
  EXPECT_EQ(reply.ending, Ending::refused);
  EXPECT_EQ(reply.error, "the model would not answer (PROHIBITED_CONTENT)");
}
TEST(GeminiEnding, IsGarbledWithoutAReason) {
  EXPECT_EQ(stream("gemini", event(R"({"candidates":[{"content":{"parts":[{"text":"x"}]}}]})")).ending,
            Ending::garbled);
}
TEST(GeminiAnswer, MayBeAListOfChunks) {
  EXPECT_EQ(whole("gemini", "[" + std::string(R"({"candidates":[{"content":{"parts":[{"text":"ab"}]}}]},)") +
                                gemini_with("STOP") + "]")
                .text,
            "abhalf");
}

std::string ollama_line(const std::string& content, const std::string& rest) {
  return R"({"model":"q","message":{"role":"assistant","content":")" + content + "\"}," + rest + "}\n";
}
Reply lines(const std::string& body) {
  return read_reply("ollama", "application/x-ndjson", body);
}
TEST(OllamaEnding, IsWhatTheDoneReasonSays) {
  EXPECT_EQ(lines(ollama_line("x", R"("done":true,"done_reason":"stop")")).ending, Ending::answered);
  EXPECT_EQ(lines(ollama_line("x", R"("done":true)")).ending, Ending::answered);
  EXPECT_EQ(lines(ollama_line("x", R"("done":true,"done_reason":"length")")).ending, Ending::truncated);
  EXPECT_EQ(lines(ollama_line("x", R"("done":true,"done_reason":"load")")).ending, Ending::garbled);
  EXPECT_EQ(lines(ollama_line("x", R"("done":false)")).ending, Ending::garbled);
}
TEST(OllamaEnding, IsUnavailableWhenALineIsAnError) {
  const Reply reply = lines(ollama_line("x", R"("done":false)") + R"({"error":"model runner has stopped"})" + "\n");
  EXPECT_EQ(reply.ending, Ending::unavailable);
  EXPECT_EQ(reply.error, "the API gave up in the middle of its answer: model runner has stopped");
}
TEST(OllamaAnswer, NeedsNoEndOfItsLastLine) {
  EXPECT_EQ(lines(ollama_line("a", R"("done":false)") + R"({"model":"q","message":{},"done":true})").text, "a");
}

TEST(ReplyLimits, EndALineWithoutEnd) {
  const std::string huge = "data: " + std::string(std::size_t{9} << 20, 'x');
  EXPECT_EQ(stream("openai", huge).error, "one event has more than 8 MB");
  EXPECT_EQ(lines(huge).error, "one line has more than 8 MB");
}
TEST(ReplyLimits, EndAnEventOfManyLines) {
  std::string body;
  for (int i = 0; i < 10; ++i) body += "data: " + std::string(std::size_t{1} << 20, 'x') + "\n";
  EXPECT_EQ(stream("openai", body).error, "one event has more than 8 MB");
}
TEST(ReplyLimits, EndATextWithoutEnd) {
  const std::string piece =
      event(R"({"choices":[{"delta":{"content":")" + std::string(std::size_t{1} << 20, 'x') + "\"}}]}");
  std::string body;
  for (int i = 0; i < 17; ++i) body += piece;
  const Reply reply = stream("openai-chat", body);
  EXPECT_EQ(reply.ending, Ending::garbled);
  EXPECT_EQ(reply.error, "the answer has more than 16 MB");
}
TEST(ReplyLimits, EndABodyWithoutEnd) {
  const auto reader = wire_of("gemini").reader(Ask{}, {{"content-type", "application/json"}});
  const std::string piece(std::size_t{1} << 20, '[');
  for (int i = 0; i < 100; ++i) reader->feed(piece);
  EXPECT_EQ(reader->finish().error, "the answer has more than 32 MB");
}
TEST(ReplyLimits, EndADeepNesting) {
  EXPECT_EQ(whole("gemini", std::string(1'000'000, '[')).ending, Ending::garbled);
}

}  // namespace
}  // namespace oe::llm
