#include "llm/repair.hpp"

#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/llm/schema.hpp"

namespace oe::llm {

Result<Fit> fit(const std::string& text, const Value& schema) {
  const Result<Value> json = json_in(text);
  if (!json) return Fit{.faults = {json.error().message()}};
  Fit result{.value = without_absent(*json, schema)};
  OE_TRY(result.faults, faults_of(result.value, schema));
  return result;
}

Ask repaired(Ask ask, const std::string& text, const std::vector<std::string>& faults) {
  constexpr std::string_view kAgain = "\n\nAnswer again, with the corrected JSON and nothing else.";
  const std::string quoted =
      ellipsis("This answer does not fit the schema that was asked for:\n- " + join(faults, "\n- "),
               kMostFaultBytes - kAgain.size());
  // An empty turn is refused by some APIs.
  ask.turns.push_back({.role = Turn::Role::model, .text = text.empty() ? "(empty)" : text});
  ask.turns.push_back({.role = Turn::Role::user, .text = quoted + std::string(kAgain)});
  return ask;
}

}  // namespace oe::llm
