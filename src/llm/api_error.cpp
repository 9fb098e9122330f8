#include "llm/api_error.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "llm/plain_line.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

constexpr JsonLimits kErrorLimits = {.depth = 32, .bytes = std::size_t{1} << 20};

// OpenAI, Anthropic, Gemini (a quotaId names the day), DeepSeek; the codes and phrases of their documentation.
constexpr std::array<std::string_view, 11> kSpent = {"insufficient_quota",
                                                     "billing_hard_limit",
                                                     "billing_error",
                                                     "billing_not_active",
                                                     "credit balance is",
                                                     "enforced_spend_limit_reached",
                                                     "spend_limit",
                                                     "insufficient balance",
                                                     "insufficient credit",
                                                     "perday",
                                                     "current quota, please check your plan"};
constexpr std::array<std::string_view, 6> kDenied = {"authentication_error", "permission_error",  "invalid_api_key",
                                                     "unauthenticated",      "permission_denied", "401"};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

template <std::size_t N>
bool has_any(const std::string& text, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

std::string string_in(const Json& object, std::string_view key) {
  const auto member = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || member == object.end()) return {};
  if (member->is_string()) return member->get<std::string>();
  return member->is_number_integer() ? std::to_string(member->get<std::int64_t>()) : std::string();
}

const Json& error_object(const Json& body) {
  if (body.is_array() && body.size() == 1) return error_object(body.front());
  if (!body.is_object()) return body;
  for (const char* key : {"error", "detail"})
    if (const auto member = body.find(key); member != body.end() && !member->is_null()) return *member;
  return body;
}

std::string message_in(const Json& error) {
  if (error.is_string()) return error.get<std::string>();
  if (error.is_array() && !error.empty()) return message_in(error.front());
  for (const char* key : {"message", "msg", "error"})
    if (std::string text = string_in(error, key); !text.empty()) return text;
  return {};
}

/// "Bad Gateway" of "<html><head><title>Bad Gateway</title>...".
std::string_view title_of(std::string_view page) {
  const std::size_t begin = page.find("<title>");
  if (begin == std::string_view::npos) return "a page of HTML";
  page.remove_prefix(begin + 7);
  return page.substr(0, page.find('<'));
}

}  // namespace

ApiFault fault_in(const Json& body) {
  const Json& error = error_object(body);
  ApiFault fault{.message = plain_line(message_in(error))};
  for (const char* key : {"type", "code", "status"})
    if (const std::string word = string_in(error, key); !word.empty())
      fault.kind += (fault.kind.empty() ? "" : " ") + plain_line(word);
  std::string all = fault.kind + " " + fault.message;
  if (error.is_object() && error.contains("details"))
    all += error.at("details").dump(-1, ' ', false, Json::error_handler_t::replace);
  fault.is_spent = has_any(lower(std::move(all)), kSpent);
  return fault;
}

ApiError api_error(int status, std::string_view body) {
  ApiError error;
  if (const auto value = Value::parse(body, kErrorLimits)) {
    const ApiFault fault = fault_in(value->json());
    error = {.message = fault.message.empty() ? fault.kind : fault.message, .is_spent = fault.is_spent};
    if (error.message.empty()) error.message = plain_line(body);
  } else {
    const std::string_view text = trim(body.substr(0, kErrorLimits.bytes));
    error.message = plain_line(text.starts_with('<') ? title_of(text) : text);
  }
  if (error.message.empty()) error.message = "no reason given";
  error.is_spent = error.is_spent || status == 402;
  return error;
}

void fail_with(Draft& draft, const Json& body) {
  const ApiFault fault = fault_in(body);
  const bool is_denied = fault.is_spent || has_any(lower(fault.kind), kDenied);
  const std::string& what = fault.message.empty() ? fault.kind : fault.message;
  draft.fail(is_denied ? Ending::denied : Ending::unavailable,
             fmt::format("the API gave up in the middle of its answer: {}", what.empty() ? "no reason given" : what));
}

}  // namespace oe::llm
