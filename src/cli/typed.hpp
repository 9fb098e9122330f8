#pragma once

#include <string>
#include <string_view>

#include "oe/base/result.hpp"
#include "oe/graph/field_type.hpp"

namespace oe::cli {

/// What somebody typed as the value of something with a declared type: text for a string, JSON for all others; `any`
/// takes JSON, and what is none is text. Errors: usage; `what` says whose value it is ("--input count").
Result<Value> typed_value(std::string_view what, graph::FieldType type, const std::string& text);

}  // namespace oe::cli
