#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oe/base/value.hpp"

namespace oe::graph {

// What JavaScript means by true, equal and less, as far as predicates need it (section 2.2 of the
// OpenExpertise reference).

enum class Relation { equal, not_equal, less, less_equal, greater, greater_equal };

/// A value in an expression and the path that it was read from, if any: two containers are the same only when
/// they were read from the same place.
struct Operand {
  std::optional<Value> value;  ///< nothing when unset
  const std::vector<std::string>* path = nullptr;
};

/// False: unset, null, false, 0 and ""; everything else is true, [] and {} included.
bool truthy(const Operand& operand);

/// An unset operand makes every relation false but `!=`, which then says whether exactly one side is unset.
bool related(const Operand& left, Relation relation, const Operand& right);

/// Items of a list, UTF-16 code units of a string, 0 for everything else.
std::size_t length_of(const Operand& operand);

}  // namespace oe::graph
