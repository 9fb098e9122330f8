#include "reply_samples.hpp"

namespace oe::llm {

namespace {

// The text of kSampleAnswer in two pieces, as it stands inside a JSON string.
const std::string kFirst = R"({\"verdict\":\"ok\",)";
const std::string kSecond = R"(\"why\":\"caf\\u00e9 \\n fine\"})";

ReplySample anthropic_stream() {
  return {.name = "AnthropicStream",
          .provider = "anthropic",
          .type = "text/event-stream; charset=utf-8",
          .body = R"(event: message_start
data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x-1","content":[],"stop_reason":null,"usage":{"input_tokens":25,"cache_creation_input_tokens":7,"cache_read_input_tokens":100,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

event: ping
data: {"type": "ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":")" +
                  kFirst + R"("}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":")" +
                  kSecond + R"("}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15,"output_tokens_details":{"thinking_tokens":3}}}

event: message_stop
data: {"type":"message_stop"}

)",
          .pieces = {kFirst, kSecond},
          .text = std::string(kSampleAnswer),
          .usage = {.input = 25, .cache_read = 100, .cache_write = 7, .output = 15, .reasoning = 3},
          .model = "claude-x-1",
          .request_id = "msg_1"};
}

ReplySample anthropic_whole() {
  return {.name = "AnthropicWhole",
          .provider = "anthropic",
          .type = "application/json",
          .body = R"({"id":"msg_2","type":"message","role":"assistant","model":"claude-x-1","content":[)"
                  R"({"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":")" +
                  kFirst + R"("},{"type":"text","text":")" + kSecond +
                  R"("}],"stop_reason":"end_turn","usage":{"input_tokens":25,"output_tokens":15}})",
          .pieces = {kFirst, kSecond},
          .text = std::string(kSampleAnswer),
          .usage = {.input = 25, .output = 15},
          .model = "claude-x-1",
          .request_id = "msg_2"};
}

const char* kOpenAiCounts =
    R"("usage":{"input_tokens":140,"input_tokens_details":{"cached_tokens":100,"cache_write_tokens":10},)"
    R"("output_tokens":15,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":155})";
constexpr Usage kOpenAiUsage = {.input = 30, .cache_read = 100, .cache_write = 10, .output = 15, .reasoning = 3};

std::string responses_output() {
  return R"("output":[{"type":"reasoning","id":"rs_1","summary":[]},{"type":"message","id":"m_1","role":"assistant",)"
         R"("content":[{"type":"output_text","annotations":[],"text":")" +
         kFirst + kSecond + R"("}]}])";
}

ReplySample openai_stream() {
  return {.name = "OpenaiStream",
          .provider = "openai",
          .type = "text/event-stream",
          .body = R"(event: response.created
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"gpt-x-1","status":"in_progress","output":[]}}

event: response.output_item.added
data: {"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m_1","content":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"m_1","output_index":0,"content_index":0,"delta":")" +
                  kFirst + R"("}

event: response.output_text.delta
data: {"type":"response.output_text.delta","item_id":"m_1","output_index":0,"content_index":0,"delta":")" +
                  kSecond + R"("}

event: response.completed
data: {"type":"response.completed","response":{"id":"resp_1","model":"gpt-x-1","status":"completed","error":null,)" +
                  responses_output() + "," + kOpenAiCounts + "}}\n\n",
          .pieces = {},  // the last event repeats the text, so no byte of it can change unseen
          .text = std::string(kSampleAnswer),
          .usage = kOpenAiUsage,
          .model = "gpt-x-1",
          .request_id = "resp_1"};
}

ReplySample openai_whole() {
  return {.name = "OpenaiWhole",
          .provider = "openai",
          .type = "application/json",
          .body = R"({"id":"resp_2","object":"response","status":"completed","error":null,"incomplete_details":null,)"
                  R"("model":"gpt-x-1",)" +
                  responses_output() + "," + kOpenAiCounts + "}",
          .pieces = {kFirst + kSecond},
          .text = std::string(kSampleAnswer),
          .usage = kOpenAiUsage,
          .model = "gpt-x-1",
          .request_id = "resp_2"};
}

const char* kChatCounts = R"("usage":{"prompt_tokens":140,"completion_tokens":15,"total_tokens":155,)"
                          R"("prompt_tokens_details":{"cached_tokens":100,"cache_write_tokens":10},)"
                          R"("completion_tokens_details":{"reasoning_tokens":3}})";

std::string chat_chunk(const std::string& delta, const char* finish = "null") {
  return R"(data: {"id":"chat_1","object":"chat.completion.chunk","model":"gpt-x-1","choices":[{"index":0,"delta":{)" +
         delta + R"(},"logprobs":null,"finish_reason":)" + finish + "}],\"usage\":null}\n\n";
}

ReplySample chat_stream() {
  return {.name = "ChatStream",
          .provider = "openai-chat",
          .type = "text/event-stream",
          .body = ": OPENROUTER PROCESSING\n\n" + chat_chunk(R"("role":"assistant","content":"","refusal":null)") +
                  chat_chunk(R"("role":"assistant","content":")" + kFirst + "\"") +
                  chat_chunk(R"("content":")" + kSecond + "\"") + chat_chunk("", "\"stop\"") +
                  R"(data: {"id":"chat_1","model":"gpt-x-1","choices":[],)" + kChatCounts + "}\n\ndata: [DONE]\n\n",
          .pieces = {kFirst, kSecond},
          .text = std::string(kSampleAnswer),
          .usage = kOpenAiUsage,
          .model = "gpt-x-1",
          .request_id = "chat_1"};
}

ReplySample chat_whole() {
  return {.name = "ChatWhole",
          .provider = "openai-chat",
          .type = "application/json; charset=utf-8",
          .body = R"({"id":"chat_2","object":"chat.completion","model":"gpt-x-1","choices":[{"index":0,"message":)"
                  R"({"role":"assistant","content":")" +
                  kFirst + kSecond + R"(","refusal":null},"finish_reason":"stop"}],)" + kChatCounts + "}",
          .pieces = {kFirst + kSecond},
          .text = std::string(kSampleAnswer),
          .usage = kOpenAiUsage,
          .model = "gpt-x-1",
          .request_id = "chat_2"};
}

const char* kGeminiCounts =
    R"("usageMetadata":{"promptTokenCount":130,"cachedContentTokenCount":100,"candidatesTokenCount":12,)"
    R"("thoughtsTokenCount":3,"totalTokenCount":145},"modelVersion":"gemini-x-1","responseId":"r_1"})";
constexpr Usage kGeminiUsage = {.input = 30, .cache_read = 100, .output = 15, .reasoning = 3};

ReplySample gemini_stream() {
  return {.name = "GeminiStream",
          .provider = "gemini",
          .type = "text/event-stream",
          .body = R"(data: {"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":")" + kFirst +
                  R"("}],"role":"model"},"index":0}],)" + kGeminiCounts +
                  "\r\n\r\ndata: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + kSecond +
                  R"("}],"role":"model"},"finishReason":"STOP","index":0}],)" + kGeminiCounts + "\r\n\r\n",
          .pieces = {kFirst, kSecond},
          .text = std::string(kSampleAnswer),
          .usage = kGeminiUsage,
          .model = "gemini-x-1",
          .request_id = "r_1"};
}

ReplySample gemini_whole() {
  return {.name = "GeminiWhole",
          .provider = "gemini",
          .type = "application/json; charset=UTF-8",
          .body = R"({"candidates":[{"content":{"parts":[{"text":")" + kFirst + kSecond +
                  R"("}],"role":"model"},"finishReason":"STOP","index":0}],)" + kGeminiCounts,
          .pieces = {kFirst + kSecond},
          .text = std::string(kSampleAnswer),
          .usage = kGeminiUsage,
          .model = "gemini-x-1",
          .request_id = "r_1"};
}

const char* kOllamaLast =
    R"("done":true,"done_reason":"stop","total_duration":10,"prompt_eval_count":30,"eval_count":15})";
constexpr Usage kOllamaUsage = {.input = 30, .output = 15};

ReplySample ollama_stream() {
  const std::string line = R"({"model":"qwen","message":{"role":"assistant","content":")";
  return {.name = "OllamaStream",
          .provider = "ollama",
          .type = "application/x-ndjson",
          .body = line + kFirst + "\"},\"done\":false}\n" + line + kSecond + "\"},\"done\":false}\n" + line + "\"}," +
                  kOllamaLast + "\n",
          .pieces = {kFirst, kSecond},
          .text = std::string(kSampleAnswer),
          .usage = kOllamaUsage,
          .model = "qwen",
          .request_id = ""};
}

ReplySample ollama_whole() {
  return {
      .name = "OllamaWhole",
      .provider = "ollama",
      .type = "application/json; charset=utf-8",
      .body = R"({"model":"qwen","message":{"role":"assistant","content":")" + kFirst + kSecond + "\"}," + kOllamaLast,
      .pieces = {kFirst + kSecond},
      .text = std::string(kSampleAnswer),
      .usage = kOllamaUsage,
      .model = "qwen",
      .request_id = ""};
}

}  // namespace

const std::vector<ReplySample>& reply_samples() {
  static const std::vector<ReplySample> all = {anthropic_stream(), anthropic_whole(), openai_stream(), openai_whole(),
                                               chat_stream(),      chat_whole(),      gemini_stream(), gemini_whole(),
                                               ollama_stream(),    ollama_whole()};
  return all;
}

}  // namespace oe::llm
