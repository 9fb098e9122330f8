#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::llm {

struct Turn {
  enum class Role { user, model };
  Role role = Role::user;
  std::string text;
  friend bool operator==(const Turn&, const Turn&) = default;
};

/// What a model is asked, in no API's own words.
struct Ask {
  std::string model;     ///< an alias, "provider/model", or a provider's own name; empty: the standard of the catalog
  std::string provider;  ///< empty: as the model says
  std::string system;    ///< what stays the same from call to call: it goes first and is cached where an API can
  std::vector<Turn> turns;
  Value schema;  ///< JSON Schema of the answer; null: text
  std::string schema_name = "answer";
  std::optional<double> temperature;  ///< these win over the alias's
  std::optional<std::uint32_t> max_tokens;
  std::optional<std::chrono::milliseconds> timeout;  ///< of everything, retries and repair included
  std::uint32_t repair = 1;                          ///< re-asks that quote the fault, when the answer does not fit
  friend bool operator==(const Ask&, const Ask&) = default;
};

/// In tokens; the four do not overlap. Every API's own way of counting is brought to this.
struct Usage {
  std::uint64_t input = 0;  ///< neither read from a cache nor written to one
  std::uint64_t cache_read = 0;
  std::uint64_t cache_write = 0;
  std::uint64_t output = 0;     ///< with reasoning
  std::uint64_t reasoning = 0;  ///< part of output
  std::uint64_t all() const { return input + cache_read + cache_write + output; }
  Usage& operator+=(const Usage& more);
  friend bool operator==(const Usage&, const Usage&) = default;
};

/// How a call ended. Only `answered` has an answer.
enum class Ending {
  answered,
  refused,        ///< the model or a filter of its provider would not
  truncated,      ///< the limit of tokens came before the end
  unfit,          ///< the answer is not JSON or does not fit the schema, also after the repair
  garbled,        ///< what came is not what this API sends, or stopped in the middle
  unavailable,    ///< no connection, 408, 429, 5xx, after the retries
  rejected,       ///< another status of 400 to 499: the request itself is wrong
  denied,         ///< the key, the account or its money: 401, 402, 403, a spent quota
  misconfigured,  ///< nothing was sent: no key, unknown alias or provider, a schema or prompt that the API cannot take
  not_recorded,   ///< replay only: the store has no such call
  timed_out,
  cancelled,
};
std::string_view to_string(Ending ending);
struct Answer {
  Ending ending = Ending::answered;
  std::string text;           ///< as the model wrote it; what there was of it when it did not end well
  Value value;                ///< with a schema and `answered`: checked against it
  std::string error;          ///< one line with what to do; empty when answered. Never holds a key
  Usage usage;                ///< of all calls that were made for it
  std::optional<double> usd;  ///< nothing: a price is unknown
  std::string provider;
  std::string model;       ///< that answered, as the provider names it
  std::string request_id;  ///< of the provider
  std::optional<int> http_status;
  std::uint32_t calls = 0;  ///< sent, without those that were tried again because of the network
  friend bool operator==(const Answer&, const Answer&) = default;
};
/// True when trying the same node again cannot help before somebody changes the configuration or the machine: nothing
/// was sent, nobody listens, no key or no money, no such recording. A server that answers 429 or 5xx is not that.
bool is_environment(const Answer& answer);

/// The metrics of OpenExpertise v0.1.0 (tokens_in, tokens_out, cost_usd) and ours: provider, model, cache_read_tokens,
/// cache_write_tokens, reasoning_tokens, calls, request_id. cost_usd is null when it is not known.
Value metrics_of(const Answer& answer);

}  // namespace oe::llm
