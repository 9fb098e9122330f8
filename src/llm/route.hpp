#pragma once

#include <optional>
#include <string>

#include "oe/base/error.hpp"
#include "oe/graph/graph.hpp"

#include "llm/canonical.hpp"
#include "llm/wire.hpp"

namespace oe::llm {

/// How a provider is reached.
enum class Way { wire, command, agent_cli, replay };

/// Where an ask goes, with everything settled that does not depend on its text.
struct Route {
  Way way = Way::wire;
  const Wire* wire = nullptr;  ///< of Way::wire
  graph::Model model;          ///< the alias, or one made up for a name that is none
  Endpoint endpoint;           ///< of Way::wire
  // True when nobody wrote it down, but the environment decided: a replay then takes what was recorded.
  bool is_provider_free = false;
  bool is_model_free = false;
  std::optional<Error> unusable;  ///< no key: only a fallback can help
};

/// What decides an answer; the ask wins over the alias.
inline Settled settled(const Ask& ask, const Route& route) {
  return {.provider = route.model.provider,
          .model = route.model.model,
          .temperature = ask.temperature ? ask.temperature : route.model.temperature,
          .max_tokens = ask.max_tokens ? ask.max_tokens : route.model.max_tokens,
          .seed = route.model.seed};
}

}  // namespace oe::llm
