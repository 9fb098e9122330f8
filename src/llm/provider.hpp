#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "llm/route.hpp"

namespace oe::llm {

/// The value of an environment variable, or nothing.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;

/// nothing: there is no such provider.
std::optional<Way> way_of(std::string_view provider);

/// The name of the agent CLI behind a provider, as CliCall::provider has it.
std::string_view cli_of(std::string_view provider);

/// The model of a provider when nobody names one: OE_<PROVIDER>_MODEL, else one that is known to exist; empty: none.
std::string default_model(std::string_view provider, const Variables& environment);

/// The provider whose model has this name, by its prefix; empty: none.
std::string_view provider_of_family(std::string_view model);

/// The provider whose usual variable is set: ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL, GEMINI_API_KEY,
/// OLLAMA_HOST, in this order; empty: none.
std::string_view provider_in(const Variables& environment);

}  // namespace oe::llm
