#pragma once

#include <string>
#include <utility>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"

namespace oe::exec {

/// A command with its values in place: what to start, and variables that its environment needs besides.
struct CommandLine {
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, std::string>> variables;
};

/// Puts values in place of the {{placeholders}}. A name is looked up among the members of `input` (args, $item,
/// $index), then in its _state, then in its _edge_inputs. In an argument list values are put in raw. A shell line gets
/// them through variables of the environment ("${OE_VALUE_1}"), so no value is ever read as shell code, wherever its
/// placeholder stands. Errors: input, naming the placeholder that has no value.
Result<CommandLine> command_line(const graph::Command& command, const Value& input);

}  // namespace oe::exec
