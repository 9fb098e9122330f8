#include "wired.hpp"

namespace oe::llm {
namespace {

ApiError error_of(std::string_view provider, int status, std::string_view body) {
  return wire_of(provider).error(status, body);
}

TEST(ApiErrorBody, GivesTheMessageOfEachApi) {
  EXPECT_EQ(error_of("anthropic", 400, R"({"type":"error","error":{"type":"invalid_request_error","message":"bad"}})")
                .message,
            "bad");
  EXPECT_EQ(error_of("openai", 401, R"({"error":{"message":"no key","type":"x","code":"invalid_api_key"}})").message,
            "no key");
  EXPECT_EQ(
      error_of("gemini", 400, R"([{"error":{"code":400,"message":"bad field","status":"INVALID_ARGUMENT"}}])").message,
      "bad field");
  EXPECT_EQ(error_of("ollama", 404, R"({"error":"model 'x' not found"})").message, "model 'x' not found");
  EXPECT_EQ(error_of("openai-chat", 422, R"({"detail":[{"loc":["body"],"msg":"field required"}]})").message,
            "field required");
  EXPECT_EQ(error_of("openai-chat", 400, R"({"object":"error","message":"too long","code":400})").message, "too long");
}
TEST(ApiErrorBody, OfAnyKindBecomesOneShortLine) {
  EXPECT_EQ(error_of("openai", 502, "<html><head><title>502 Bad\nGateway</title></head>").message, "502 Bad Gateway");
  EXPECT_EQ(error_of("openai", 502, "<!doctype html><p>x").message, "a page of HTML");
  EXPECT_EQ(error_of("openai", 500, "").message, "no reason given");
  EXPECT_EQ(error_of("openai", 500, "upstream\r\n\tdown \x1b[31m\x01 now\n").message, "upstream down [31m now");
  EXPECT_EQ(error_of("openai", 500, "{}").message, "{}");
  EXPECT_EQ(error_of("openai", 500, "caf\xE9").message, "caf?");
  for (const std::string& huge :
       {std::string(std::size_t{3} << 20, 'x'), "<html>" + std::string(std::size_t{3} << 20, 'x'),
        R"({"error":{"message":")" + std::string(100'000, 'x') + "\"}}"})
    EXPECT_LE(error_of("openai", 500, huge).message.size(), 300U);
}
TEST(ApiErrorBody, TellsWhenTheMoneyIsSpent) {
  const auto is_spent = [](const char* provider, int status, const char* body) {
    return error_of(provider, status, body).is_spent;
  };
  EXPECT_TRUE(
      is_spent("openai", 429, R"({"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}})"));
  EXPECT_TRUE(is_spent("openai", 400, R"({"error":{"message":"m","code":"billing_hard_limit_reached"}})"));
  EXPECT_TRUE(is_spent("anthropic", 400, R"({"type":"error","error":{"type":"invalid_request_error",
      "message":"Your credit balance is too low to access the Anthropic API."}})"));
  EXPECT_TRUE(
      is_spent("anthropic", 429, R"({"type":"error","error":{"type":"enforced_spend_limit_reached","message":"m"}})"));
  EXPECT_TRUE(is_spent("anthropic", 402, R"({"type":"error","error":{"type":"billing_error","message":"m"}})"));
  EXPECT_TRUE(is_spent("openai-chat", 402, "Payment Required"));
  EXPECT_TRUE(is_spent("gemini", 429, R"({"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED",
      "details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}]}})"));
}
TEST(ApiErrorBody, TellsARateLimitFromSpentMoney) {
  EXPECT_FALSE(error_of("openai", 429, R"({"error":{"message":"Rate limit reached for requests","type":"requests",
      "code":"rate_limit_exceeded"}})")
                   .is_spent);
  EXPECT_FALSE(
      error_of("anthropic", 429, R"({"type":"error","error":{"type":"rate_limit_error","message":"m"}})").is_spent);
  EXPECT_FALSE(error_of("gemini", 429, R"({"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED",
      "details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel"}]}]}})")
                   .is_spent);
  EXPECT_FALSE(error_of("openai", 503, "busy").is_spent);
}
TEST(ApiErrorBody, NeverThrows) {
  for (const char* body : {"null", "[]", "[[[]]]", "{\"error\":[]}", "{\"error\":{\"message\":{}}}", "{\"error\":null}",
                           "{\"detail\":[[]]}", "1e999", "\"x\"", "[{\"error\":7}]"})
    EXPECT_NE(error_of("gemini", 500, body).message, "") << body;
}

Limits limits_of(std::string_view provider, const http::Headers& head) {
  return wire_of(provider).limits(head, *from_rfc3339("2026-10-04T12:00:00.000Z"));
}
using std::chrono::milliseconds;

TEST(RateLimits, OfAnthropicResetAtATime) {
  const Limits limits = limits_of("anthropic", {{"Anthropic-Ratelimit-Requests-Remaining", "49"},
                                                {"anthropic-ratelimit-requests-reset", "2026-10-04T12:00:01Z"},
                                                {"anthropic-ratelimit-tokens-remaining", "39000"},
                                                {"anthropic-ratelimit-tokens-reset", "2026-10-04T14:00:02.25+02:00"}});
  EXPECT_EQ(limits.requests, 49U);
  EXPECT_EQ(limits.tokens, 39000U);
  EXPECT_EQ(limits.requests_reset, milliseconds(1000));
  EXPECT_EQ(limits.tokens_reset, milliseconds(2250));
}
TEST(RateLimits, ThatWereResetAreDueNow) {
  EXPECT_EQ(limits_of("anthropic", {{"anthropic-ratelimit-requests-reset", "2026-10-04T11:00:00Z"}}).requests_reset,
            milliseconds(0));
}
TEST(RateLimits, OfOpenAiResetAfterADuration) {
  const auto reset = [](const char* text) {
    return limits_of("openai", {{"x-ratelimit-reset-tokens", text}}).tokens_reset;
  };
  EXPECT_EQ(reset("6m30s"), milliseconds(390'000));
  EXPECT_EQ(reset("1s"), milliseconds(1000));
  EXPECT_EQ(reset("20ms"), milliseconds(20));
  EXPECT_EQ(reset("2m59.56s"), milliseconds(179'560));
  EXPECT_EQ(reset("1h0m0s"), milliseconds(3'600'000));
  for (const char* wrong : {"", "s", "5", "1d", "-3s", "1s2", "1e400s", "x1s"})
    EXPECT_EQ(reset(wrong), std::nullopt) << wrong;
}
TEST(RateLimits, OfAzureThatMeanNothingAreAbsent) {
  EXPECT_EQ(
      limits_of("azure", {{"x-ratelimit-remaining-requests", "-1"}, {"x-ratelimit-limit-requests", "-1"}}).requests,
      std::nullopt);
  EXPECT_EQ(limits_of("azure", {{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-limit-tokens", "0"}}).tokens,
            std::nullopt);
  EXPECT_EQ(limits_of("azure", {{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-limit-tokens", "1000"}}).tokens,
            0U);
  EXPECT_EQ(limits_of("azure", {{"x-ratelimit-remaining-tokens", "12"}}).tokens, 12U);
}
TEST(RateLimits, ThatMakeNoSenseAreAbsent) {
  const Limits limits = limits_of("anthropic", {{"anthropic-ratelimit-requests-remaining", "many"},
                                                {"anthropic-ratelimit-requests-reset", "soon"},
                                                {"anthropic-ratelimit-tokens-reset", "2026-10-04T12:00:01+0200"}});
  EXPECT_EQ(limits.requests, std::nullopt);
  EXPECT_EQ(limits.requests_reset, std::nullopt);
  EXPECT_EQ(limits.tokens_reset, std::nullopt);
}

}  // namespace
}  // namespace oe::llm
