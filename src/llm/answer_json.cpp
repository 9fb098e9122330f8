#include "llm/answer_json.hpp"

#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/text.hpp"

namespace oe::llm {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::pair<const char*, std::uint64_t Usage::*>, 5> kCounts = {
    {{"input", &Usage::input},
     {"cache_read", &Usage::cache_read},
     {"cache_write", &Usage::cache_write},
     {"output", &Usage::output},
     {"reasoning", &Usage::reasoning}}};
constexpr std::array<std::pair<const char*, std::string Answer::*>, 5> kTexts = {{{"text", &Answer::text},
                                                                                  {"error", &Answer::error},
                                                                                  {"provider", &Answer::provider},
                                                                                  {"model", &Answer::model},
                                                                                  {"request_id", &Answer::request_id}}};

tl::unexpected<Error> wrong(std::string_view member, std::string_view wanted) {
  return fail(ErrorKind::input, fmt::format("\"answer\": \"{}\" is not {}", member, wanted));
}

Result<Ending> ending_of(const Value& value) {
  const std::string name = value.get("ending").string_or("answered");
  std::vector<std::string> known;
  for (int i = 0; i <= static_cast<int>(Ending::cancelled); ++i) {
    known.emplace_back(to_string(static_cast<Ending>(i)));
    if (known.back() == name) return static_cast<Ending>(i);
  }
  return fail(ErrorKind::input, fmt::format("\"answer\": \"ending\" is '{}', which is none", name),
              did_you_mean(name, known));
}

/// A count, or nothing when it is not there.
template <class Number>
Result<void> read_count(const Value& value, const char* name, Number& into) {
  const Value member = value.get(name);
  if (member.is_null()) return {};
  if (!member.json().is_number_integer() || (member.json().is_number_integer() && member.json() < 0))
    return wrong(name, "a whole number from 0");
  into = member.json().get<Number>();
  return {};
}

Result<void> read_usage(const Value& value, Usage& usage) {
  if (!value.is_null() && !value.is_object()) return wrong("usage", "an object");
  for (const auto& [name, member] : kCounts) OE_CHECK(read_count(value, name, usage.*member));
  return {};
}

Result<void> read_texts(const Value& value, Answer& answer) {
  for (const auto& [name, member] : kTexts) {
    const Value text = value.get(name);
    if (!text.is_null() && !text.is_string()) return wrong(name, "a string");
    answer.*member = text.string_or("");
  }
  return {};
}

Result<void> read_numbers(const Value& value, Answer& answer) {
  OE_CHECK(read_usage(value.get("usage"), answer.usage));
  answer.calls = 1;
  OE_CHECK(read_count(value, "calls", answer.calls));
  int status = 0;
  OE_CHECK(read_count(value, "http_status", status));
  if (status != 0) answer.http_status = status;
  const Value usd = value.get("usd");
  if (!usd.is_null() && !usd.json().is_number()) return wrong("usd", "a number or null");
  if (!usd.is_null()) answer.usd = usd.json().get<double>();
  return {};
}

}  // namespace

Value answer_json(const Answer& answer) {
  Json json = {{"ending", to_string(answer.ending)}, {"value", answer.value.json()}, {"calls", answer.calls}};
  json["usd"] = answer.usd ? Json(*answer.usd) : Json();
  json["http_status"] = answer.http_status ? Json(*answer.http_status) : Json();
  for (const auto& [name, member] : kTexts) json[name] = answer.*member;
  for (const auto& [name, member] : kCounts) json["usage"][name] = answer.usage.*member;
  return Value(std::move(json));
}

Result<Answer> parse_answer(const Value& value) {
  if (value.is_string()) return Answer{.text = value.string_or(""), .calls = 1};
  if (!value.is_object()) return fail(ErrorKind::input, "\"answer\" is neither an object nor a string");
  Answer answer;
  OE_TRY(answer.ending, ending_of(value));
  OE_CHECK(read_texts(value, answer));
  OE_CHECK(read_numbers(value, answer));
  answer.value = value.get("value");
  if (value.get("text").is_null() && !answer.value.is_null()) answer.text = answer.value.dump();
  return answer;
}

}  // namespace oe::llm
