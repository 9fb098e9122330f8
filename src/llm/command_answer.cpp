#include "llm/command_answer.hpp"

#include <fmt/core.h>

#include "llm/answer_json.hpp"
#include "llm/plain_line.hpp"

namespace oe::llm {

namespace {

Answer ended(Ending ending, std::string error) {
  return {.ending = ending, .error = std::move(error)};
}

}  // namespace

Answer read_command_output(std::string_view out) {
  const Result<Value> printed = Value::parse(out);
  if (!printed || !printed->is_object())
    return ended(Ending::garbled, fmt::format("the program printed no JSON object: '{}'", plain_line(out)));
  if (const Value error = printed->get("error"); !error.is_null())
    return ended(Ending::unavailable, plain_line(error.is_string() ? error.string_or("") : error.dump()));
  if (printed->get("text").is_null() && printed->get("value").is_null())
    return ended(Ending::garbled, "the program printed neither \"text\" nor \"value\" nor \"error\"");
  Result<Answer> answer = parse_answer(*printed);
  if (!answer) return ended(Ending::garbled, "the program: " + answer.error().message());
  return std::move(*answer);
}

}  // namespace oe::llm
