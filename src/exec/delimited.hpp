#pragma once

#include <string>
#include <string_view>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"

namespace oe::exec {

/// The rows of a csv or tsv text as objects of strings (RFC 4180; the first record names the columns, empty lines are
/// skipped). Strict as csv-parse is by default: a quote inside an unquoted field, text after a closing quote and a row
/// with more or fewer fields than the header are errors, kind input, with line and column in bytes.
Result<Value> parse_delimited(std::string_view text, char separator, const std::string& name);

}  // namespace oe::exec
