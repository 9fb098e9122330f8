#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/llm/ask.hpp"

namespace oe::llm {

inline constexpr std::size_t kMostFaultBytes = 2048;  ///< of the turn that quotes the faults of an answer

/// What is wrong with a text as an answer to a schema: the value, or the faults, best first.
struct Fit {
  Value value;
  std::vector<std::string> faults;  ///< empty: it fits
};
/// Reads the JSON out of a text, takes out the nulls that stand for "not given" and holds it against the schema.
/// Errors: input: the schema itself cannot be used.
Result<Fit> fit(const std::string& text, const Value& schema);

/// The same ask with the answer and its faults as two further turns.
Ask repaired(Ask ask, const std::string& text, const std::vector<std::string>& faults);

}  // namespace oe::llm
