#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"

namespace oe::exec {

/// What a command's standard output writes. No field: nothing. One: the text without its last newline, its lines, or
/// the JSON value. More: it has to be JSON, an object with only those keys. Errors: input, with place and beginning.
Result<std::map<std::string, Value>> command_output(graph::CaptureAs as, const std::vector<std::string>& writes,
                                                    std::string_view output);

}  // namespace oe::exec
