#pragma once

#include "oe/exec/executor.hpp"
#include "oe/llm/ask.hpp"

namespace oe::exec {

/// What an answer makes of the attempt of a node. An object goes over the fields that its members name, a text into the
/// one field that the node writes (section 5.3 of the reference). `duration` is left to the caller.
AttemptReport report_of(const graph::Node& node, const llm::Answer& answer);

/// Every member of an object as a field. Errors: input, when the value is no object.
Result<std::map<std::string, Value>> fields_in(const Value& answer);

}  // namespace oe::exec
