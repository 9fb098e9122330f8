#include "oe/llm/tape.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/digest.hpp"

#include "llm/answer_json.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

/// An answer of the deepest JSON that is taken anywhere still fits inside of a call.
constexpr JsonLimits kLineLimits = {.depth = JsonLimits{}.depth + 10};

Result<std::string> text_member(const Value& line, std::string_view name) {
  const Value member = line.get(name);
  if (member.is_null()) return std::string();
  if (!member.is_string()) return fail(ErrorKind::input, fmt::format("\"{}\" is not a string", name));
  return member.string_or("");
}

Result<std::vector<std::string>> activities_of(const Value& line) {
  const Value member = line.get("activities");
  std::vector<std::string> activities;
  if (member.is_null()) return activities;
  if (!member.is_array()) return fail(ErrorKind::input, "\"activities\" is not a list");
  for (const Json& activity : member.json()) {
    if (!activity.is_string()) return fail(ErrorKind::input, "\"activities\" holds something that is not a string");
    activities.push_back(activity.get<std::string>());
  }
  return activities;
}

Result<void> check_version(const Value& line) {
  if (!line.is_object()) return fail(ErrorKind::input, "a call is a JSON object");
  const Value version = line.get("v");
  if (version.is_null() || version == Value::of(1)) return {};
  return fail(ErrorKind::input, fmt::format("\"v\" is {}, and this oe reads version 1", version.dump()),
              "use an oe that is as new as the one that wrote it");
}

}  // namespace

std::string to_json_line(const Call& call) {
  return Value(Json{{"v", 1},
                    {"digest", call.digest},
                    {"place", call.place},
                    {"request", call.request.json()},
                    {"answer", answer_json(call.answer).json()},
                    {"activities", call.activities}})
      .dump();
}

std::string digest_of(const Value& request) {
  return sha256_hex(request.dump());
}

Result<Call> parse_call(std::string_view text) {
  OE_TRY(const Value line, Value::parse(text, kLineLimits));
  OE_CHECK(check_version(line));
  Call call;
  call.request = line.get("request");
  if (!call.request.is_null() && !call.request.is_object())
    return fail(ErrorKind::input, "\"request\" is not an object");
  OE_TRY(call.digest, text_member(line, "digest"));
  OE_TRY(call.place, text_member(line, "place"));
  OE_TRY(call.activities, activities_of(line));
  OE_TRY(call.answer, parse_answer(line.get("answer")));
  if (call.digest.empty() && call.request.is_object()) call.digest = digest_of(call.request);
  if (call.digest.empty() && call.place.empty())
    return fail(ErrorKind::input, "a call needs a \"place\", a \"request\" or a \"digest\"",
                R"(e.g. {"place":"review#1","answer":"looks good"})");
  return call;
}

}  // namespace oe::llm
