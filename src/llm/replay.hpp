#pragma once

#include <string>
#include <vector>

#include "oe/llm/tape.hpp"

#include "llm/route.hpp"

namespace oe::llm {

/// What a tape has for an ask.
struct Replayed {
  Value request;  ///< canonical, with the provider and model of the tape where the route leaves them open
  Answer answer;
  std::vector<std::string> activities;
};

/// A miss ends not_recorded and says what is missing or, where the place is known, which part of the request differs.
Replayed replay(const Cassette& cassette, const Ask& ask, const Route& route, const std::string& place);

}  // namespace oe::llm
