#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/expression.hpp"

namespace oe::exec {

/// Looks a name up among the members of an attempt's input (args, $item, $index), then in its _state, then in its
/// _edge_inputs. Borrows the input.
graph::Lookup lookup_in(const Value& input);

/// Errors: input, naming the first placeholder of `text` that has no value.
Result<void> check_values(std::string_view text, const std::vector<graph::Placeholder>& all, const Value& input);

/// `text` with the values in place of its {{placeholders}}, as they are. Errors as check_values().
Result<std::string> filled(const std::string& text, const Value& input);

}  // namespace oe::exec
