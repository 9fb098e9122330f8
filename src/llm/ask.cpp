#include "oe/llm/ask.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace oe::llm {

namespace {

constexpr std::array<std::string_view, 12> kEndings = {
    "answered", "refused", "truncated",     "unfit",        "garbled",   "unavailable",
    "rejected", "denied",  "misconfigured", "not_recorded", "timed_out", "cancelled",
};

}  // namespace

Usage& Usage::operator+=(const Usage& more) {
  input += more.input;
  cache_read += more.cache_read;
  cache_write += more.cache_write;
  output += more.output;
  reasoning += more.reasoning;
  return *this;
}

std::string_view to_string(Ending ending) {
  return kEndings.at(static_cast<std::size_t>(ending));
}

bool is_environment(const Answer& answer) {
  switch (answer.ending) {
    case Ending::unavailable:
      return !answer.http_status;
    case Ending::denied:
    case Ending::misconfigured:
    case Ending::not_recorded:
      return true;
    default:
      return false;
  }
}

Value metrics_of(const Answer& answer) {
  nlohmann::json metrics = {{"tokens_in", answer.usage.input + answer.usage.cache_read + answer.usage.cache_write},
                            {"tokens_out", answer.usage.output},
                            {"cost_usd", answer.usd ? nlohmann::json(*answer.usd) : nlohmann::json()},
                            {"provider", answer.provider},
                            {"model", answer.model},
                            {"calls", answer.calls}};
  const auto add = [&](const char* name, std::uint64_t count) {
    if (count != 0) metrics[name] = count;
  };
  add("cache_read_tokens", answer.usage.cache_read);
  add("cache_write_tokens", answer.usage.cache_write);
  add("reasoning_tokens", answer.usage.reasoning);
  if (!answer.request_id.empty()) metrics["request_id"] = answer.request_id;
  return Value(std::move(metrics));
}

}  // namespace oe::llm
