#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "llm/wire.hpp"

namespace oe::llm {

inline const Wire& wire_of(std::string_view provider) {
  const Wire* wire = find_wire(provider);
  if (wire == nullptr) throw std::runtime_error("no such wire: " + std::string(provider));
  return *wire;
}

inline Value json_value(std::string_view text) {
  return Value::parse(text).value();
}

/// What a reader makes of a body that comes in pieces of `step` bytes.
inline Reply read_reply(std::string_view provider, const http::Headers& head, std::string_view body,
                        std::size_t step = std::string_view::npos) {
  const auto reader = wire_of(provider).reader(Ask{}, head);
  for (std::size_t at = 0; at < body.size(); at += std::min(step, body.size())) reader->feed(body.substr(at, step));
  return reader->finish();
}
inline Reply read_reply(std::string_view provider, const char* type, std::string_view body) {
  return read_reply(provider, http::Headers{{"Content-Type", type}}, body);
}

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
