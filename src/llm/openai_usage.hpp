#pragma once

#include "llm/draft.hpp"

namespace oe::llm {

/// `usage` of OpenAI, whose counts of the input include what was cached: `input` and `output` are the names of the two
/// counts, their details are in <name>_details. Nothing when there is none.
std::optional<Usage> openai_usage(Draft& draft, const nlohmann::json& body, std::string_view input,
                                  std::string_view output);

}  // namespace oe::llm
