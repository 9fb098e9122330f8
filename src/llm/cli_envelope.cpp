#include "llm/cli_envelope.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "llm/plain_line.hpp"

namespace oe::llm {

namespace {

std::uint64_t count(const Value& object, std::string_view name) {
  const Value member = object.get(name);
  const bool is_count = member.json().is_number_unsigned();
  return is_count ? member.json().get<std::uint64_t>() : 0;
}

/// What is left of `all` without a part that it should contain.
std::uint64_t rest(std::uint64_t all, std::uint64_t part) {
  return all - std::min(all, part);
}

/// The name of the only member, or nothing: with several models nobody knows which one answered.
std::string only_name(const Value& object) {
  return object.is_object() && object.size() == 1 ? object.json().begin().key() : std::string();
}

bool speaks_of_login(std::string_view text) {
  constexpr std::string_view kSigns[] = {"/login", "log in", "API key", "api key", "credit balance", "authenticat"};
  return std::ranges::any_of(kSigns, [&](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

void end_badly(Answer& answer, std::string_view why) {
  answer.ending = speaks_of_login(why) ? Ending::denied : Ending::unavailable;
  answer.error = why.empty() ? "it failed and did not say why" : plain_line(why);
}

std::vector<Value> json_lines(std::string_view out) {
  std::vector<Value> values;
  for (const std::string& line : split(out, '\n')) {
    if (trim(line).empty()) continue;
    auto value = Value::parse(trim(line));
    if (value && value->is_object()) values.push_back(std::move(*value));
  }
  return values;
}

/// The whole output, or the last line of it that is a JSON object.
Value last_object(std::string_view out) {
  if (auto whole = Value::parse(out)) return std::move(*whole);
  const std::vector<Value> lines = json_lines(out);
  return lines.empty() ? Value() : lines.back();
}

Usage claude_usage(const Value& usage) {
  return {.input = count(usage, "input_tokens"),
          .cache_read = count(usage, "cache_read_input_tokens"),
          .cache_write = count(usage, "cache_creation_input_tokens"),
          .output = count(usage, "output_tokens")};
}

std::string claude_error(const Value& envelope) {
  const Value errors = envelope.get("errors");
  if (errors.is_array() && errors.size() > 0 && errors.json().front().is_string())
    return errors.json().front().get<std::string>();
  return envelope.get("result").string_or(envelope.get("subtype").string_or(""));
}

Usage codex_usage(const Value& usage) {
  const std::uint64_t cached = count(usage, "cached_input_tokens");
  return {.input = rest(count(usage, "input_tokens"), cached),
          .cache_read = cached,
          .output = count(usage, "output_tokens"),
          .reasoning = count(usage, "reasoning_output_tokens")};
}

void take_codex_event(Answer& answer, const Value& event) {
  const std::string type = event.get("type").string_or("");
  const Value item = event.get("item");
  if (type == "item.completed" && item.get("type").string_or("") == "agent_message")
    answer.text = item.get("text").string_or("");
  if (type == "turn.completed") answer.usage += codex_usage(event.get("usage"));
  if (type == "turn.failed") end_badly(answer, event.get("error").get("message").string_or(""));
}

Usage gemini_usage(const Value& tokens) {
  const std::uint64_t cached = count(tokens, "cached");
  const std::uint64_t thoughts = count(tokens, "thoughts");
  return {.input = rest(count(tokens, "prompt"), cached) + count(tokens, "tool"),
          .cache_read = cached,
          .output = count(tokens, "candidates") + thoughts,
          .reasoning = thoughts};
}

}  // namespace

std::optional<Answer> read_claude(std::string_view out) {
  const Value envelope = last_object(out);
  if (envelope.get("type").string_or("") != "result") return std::nullopt;
  Answer answer{.text = envelope.get("result").string_or(""), .usage = claude_usage(envelope.get("usage"))};
  answer.model = only_name(envelope.get("modelUsage"));
  const Value usd = envelope.get("total_cost_usd");
  if (usd.json().is_number()) answer.usd = usd.json().get<double>();
  if (envelope.get("is_error") == Value::of(true) || envelope.get("subtype").string_or("success") != "success")
    end_badly(answer, claude_error(envelope));
  if (envelope.get("subtype").string_or("") == "error_max_turns") answer.ending = Ending::truncated;
  return answer;
}

std::optional<Answer> read_codex(std::string_view out) {
  const std::vector<Value> events = json_lines(out);
  const bool is_stream = std::ranges::any_of(
      events, [](const Value& event) { return event.get("type").string_or("").starts_with("turn."); });
  if (!is_stream) return std::nullopt;
  Answer answer;
  for (const Value& event : events) take_codex_event(answer, event);
  return answer;
}

std::optional<Answer> read_gemini(std::string_view out) {
  const Result<Value> envelope = Value::parse(out);
  if (!envelope || (!envelope->get("response").is_string() && !envelope->get("error").is_object())) return std::nullopt;
  Answer answer{.text = envelope->get("response").string_or("")};
  const Value models = envelope->get("stats").get("models");
  answer.model = only_name(models);
  if (models.is_object())
    for (const auto& model : models.json()) answer.usage += gemini_usage(Value(model).get("tokens"));
  if (const Value error = envelope->get("error"); error.is_object())
    end_badly(answer, error.get("message").string_or(""));
  return answer;
}

}  // namespace oe::llm
