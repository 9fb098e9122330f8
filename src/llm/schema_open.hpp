#pragma once

#include "oe/base/value.hpp"

namespace oe::llm {

/// The schema with something in each place that it leaves open (an object of any members, a list of anything, any
/// value): what strict_subset() still refuses of it is refused for another reason.
Value closed(const Value& schema);

}  // namespace oe::llm
