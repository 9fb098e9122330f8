#pragma once

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "llm/wire.hpp"
#include "reply_samples.hpp"

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

}  // namespace oe::llm
