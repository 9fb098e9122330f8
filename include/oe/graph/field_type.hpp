#pragma once

#include <string_view>

#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"

namespace oe::graph {

/// The word of the format: "string", "number", ..., "any".
std::string_view to_string(FieldType type);
/// Whether a field or input of that type takes the value; null always fits (section 4.4 of the reference).
bool takes(FieldType declared, const Value& value);

}  // namespace oe::graph
