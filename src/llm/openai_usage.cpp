#include "llm/openai_usage.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oe::llm {

namespace {

using Json = nlohmann::json;

}  // namespace

std::optional<Usage> openai_usage(Draft& draft, const Json& body, std::string_view input, std::string_view output) {
  const Json* counts = draft.find(body, "usage");
  if (counts == nullptr) return std::nullopt;
  Usage usage;
  usage.input = draft.count(*counts, input).value_or(0);
  usage.output = draft.count(*counts, output).value_or(0);
  if (const Json* details = draft.find(*counts, std::string(input) + "_details")) {
    usage.cache_read = std::min(draft.count(*details, "cached_tokens").value_or(0), usage.input);
    usage.input -= usage.cache_read;
    usage.cache_write = std::min(draft.count(*details, "cache_write_tokens").value_or(0), usage.input);
    usage.input -= usage.cache_write;
  }
  if (const Json* details = draft.find(*counts, std::string(output) + "_details"))
    usage.reasoning = std::min(draft.count(*details, "reasoning_tokens").value_or(0), usage.output);
  return usage;
}

}  // namespace oe::llm
