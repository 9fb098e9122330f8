#pragma once

#include <string>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"

namespace oe::formats {

/// The models of a file and all that is wrong with it, in the order of the file.
struct ModelsReading {
  graph::Models models;
  Problems problems;
};

/// Reads .openexpertise/config.yaml: `models:` as in a workflow, beside what forge::read_settings reads. `name` is the path that messages
/// show. Errors only when there is no tree at all (syntax, limits).
Result<ModelsReading> read_models(std::string text, std::string name);

/// What is in either; where both say something, what `over` says.
graph::Models merged(graph::Models over, const graph::Models& under);

}  // namespace oe::formats
