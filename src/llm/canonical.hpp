#pragma once

#include <string>
#include <string_view>

#include "oe/base/value.hpp"
#include "oe/llm/ask.hpp"

namespace oe::llm {

/// What of a request the ask does not say itself.
struct Settled {
  std::string provider;
  std::string model;
  std::optional<double> temperature;
  std::optional<std::uint32_t> max_tokens;
  std::optional<std::uint64_t> seed;
};

/// {"provider","model","system","turns":[{"role","text"}],"schema","temperature","max_tokens","seed"}: what decides an
/// answer and nothing that is secret. Its dump is what a digest is made of.
Value canonical_request(const Ask& ask, const Settled& settled);

/// The first part in which two canonical requests differ: "model", "turns[0]", "schema", ...; empty when they do not.
std::string first_difference(const Value& a, const Value& b);

}  // namespace oe::llm
