#include "llm/money.hpp"

#include <fmt/format.h>

#include "llm/figures.hpp"
#include "llm/repair.hpp"

namespace oe::llm {

namespace {

constexpr std::uint64_t kBytesPerToken = 4;
// What APIs put around turns, and around a schema, before it comes to the model; generous.
constexpr std::uint64_t kFrameOfTurn = 16;
constexpr std::uint64_t kFrameOfSchema = 1024;

std::uint64_t prompt_limit(const Ask& ask) {
  const std::uint64_t frame = ask.schema.is_null() ? kFrameOfTurn : kFrameOfTurn + kFrameOfSchema;
  return prompt_bytes(ask) + frame + ask.turns.size() * kFrameOfTurn;
}

double dearest_input(const graph::ModelPrice& price) {
  return std::max({price.input, price.cache_read.value_or(0), price.cache_write.value_or(0)});
}

bool is_bounded(const Route& route) {
  return route.way == Way::wire || route.way == Way::replay;
}

}  // namespace

double cost_of(const Usage& usage, const graph::ModelPrice& price) {
  const auto of = [](std::uint64_t tokens, double per_million) {
    return static_cast<double>(tokens) * per_million / 1e6;
  };
  return of(usage.input, price.input) + of(usage.cache_read, price.cache_read.value_or(price.input)) +
         of(usage.cache_write, price.cache_write.value_or(price.input)) + of(usage.output, price.output);
}

std::uint64_t prompt_bytes(const Ask& ask) {
  std::uint64_t bytes = ask.system.size() + (ask.schema.is_null() ? 0 : ask.schema.dump().size());
  for (const Turn& turn : ask.turns) bytes += turn.text.size();
  return bytes;
}

std::uint32_t answer_limit(const Ask& ask, const Route& route) {
  return settled(ask, route).max_tokens.value_or(Endpoint{}.max_tokens);
}

Bound bound_of(const Ask& ask, const Route& route) {
  Bound bound{.model = route.model.name.empty() ? route.model.model : route.model.name};
  if (!is_bounded(route)) return bound;
  const std::uint64_t answer = answer_limit(ask, route);
  const std::uint64_t prompt = prompt_limit(ask);
  const bool may_repair = ask.repair > 0 && !ask.schema.is_null();
  const std::uint64_t input = may_repair ? 2 * prompt + answer + kMostFaultBytes + 2 * kFrameOfTurn : prompt;
  const std::uint64_t output = may_repair ? 2 * answer : answer;
  bound.tokens = input + output;
  if (const auto& price = route.model.price)
    bound.usd =
        (static_cast<double>(input) * dearest_input(*price) + static_cast<double>(output) * price->output) / 1e6;
  return bound;
}

Result<void> check_context(const Ask& ask, const Route& route) {
  if (!route.model.context) return {};
  const std::uint64_t prompt = prompt_bytes(ask) / kBytesPerToken;
  const std::uint64_t answer = answer_limit(ask, route);
  if (prompt + answer <= *route.model.context) return {};
  return fail(ErrorKind::environment,
              fmt::format("prompt over the context window: about {} tokens (an estimate: 4 bytes each) and {} for the "
                          "answer, where {} takes {}",
                          grouped(prompt), grouped(answer), bound_of(ask, route).model, grouped(*route.model.context)),
              "shorten what the node reads, lower max_tokens, or name a model with a larger window");
}

}  // namespace oe::llm
