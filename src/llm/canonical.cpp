#include "llm/canonical.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace oe::llm {

namespace {

using Json = nlohmann::json;

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

std::string first_turn_that_differs(const Json& a, const Json& b) {
  const std::size_t common = a.is_array() && b.is_array() ? std::min(a.size(), b.size()) : 0;
  for (std::size_t i = 0; i < common; ++i)
    if (a[i] != b[i]) return fmt::format("turns[{}]", i);
  return "turns";
}

}  // namespace

Value canonical_request(const Ask& ask, const Settled& settled) {
  Json turns = Json::array();
  for (const Turn& turn : ask.turns)
    turns.push_back({{"role", turn.role == Turn::Role::user ? "user" : "model"}, {"text", turn.text}});
  return Value(Json{{"provider", settled.provider},
                    {"model", settled.model},
                    {"system", ask.system},
                    {"turns", std::move(turns)},
                    {"schema", ask.schema.json()},
                    {"temperature", or_null(settled.temperature)},
                    {"max_tokens", or_null(settled.max_tokens)},
                    {"seed", or_null(settled.seed)}});
}

std::string first_difference(const Value& a, const Value& b) {
  constexpr std::array kMembers = {"provider", "model",       "system",     "turns",
                                   "schema",   "temperature", "max_tokens", "seed"};
  for (const char* member : kMembers) {
    if (a.get(member) == b.get(member)) continue;
    return member == std::string_view("turns") ? first_turn_that_differs(a.get(member).json(), b.get(member).json())
                                               : member;
  }
  return {};
}

}  // namespace oe::llm
