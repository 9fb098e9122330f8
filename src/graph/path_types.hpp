#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/problem.hpp"
#include "oe/graph/expression.hpp"

#include "graph/types.hpp"

namespace oe::graph {

/// What is known of the value at a path, and why there can be none.
struct PathTypes {
  Types types = kAnything;
  std::optional<std::string> fault;
  std::string hint;
  Severity severity = Severity::error;
};

/// `written` is the path as it stands in the text.
PathTypes path_types(const std::vector<std::string>& path, std::string_view written, const Scope& scope);

}  // namespace oe::graph
