#pragma once

#include <string>
#include <vector>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"

namespace oe::cli {

/// All of it. Errors: input, more than `most` bytes.
Result<std::string> read_standard_input(std::size_t most);


/// Where the inputs of a run may come from, the weakest first.
struct InputSources {
  Value file = Value::object();    ///< of --input-file
  Value args = Value::object();    ///< of --args
  std::vector<std::string> pairs;  ///< of --input: "name=value"
};

/// The sources as they are on the command line. Errors: usage (--args), input (--input-file; "-" is standard input).
Result<InputSources> read_inputs(const std::string& file, const std::string& args, std::vector<std::string> pairs);

/// One object of all three. A pair is read by the type of the declared input of that name; make_plan() holds the whole
/// against what is declared. Errors: usage.
Result<Value> bind_inputs(const graph::Graph& graph, const InputSources& sources);

}  // namespace oe::cli
