#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oe/llm/ask.hpp"

namespace oe::llm {

/// One good reply as an API sends it.
struct ReplySample {
  const char* name;
  std::string_view provider;
  const char* type;
  std::string body;
  std::vector<std::string> pieces;  ///< the bytes of the body that are the text, in order
  std::string text;
  Usage usage;
  std::string model;
  std::string request_id;
};
/// Of each API, streamed and not; all say kSampleAnswer.
const std::vector<ReplySample>& reply_samples();

/// What the text of every sample is, and the schema that it fits.
inline constexpr std::string_view kSampleAnswer = R"({"verdict":"ok","why":"caf\u00e9 \n fine"})";
inline constexpr std::string_view kSampleSchema =
    R"({"type":"object","required":["verdict","why"],"additionalProperties":false,
        "properties":{"verdict":{"enum":["ok","bad"]},"why":{"type":"string"}}})";

}  // namespace oe::llm
