#pragma once

#include <string>

#include "oe/base/value.hpp"
#include "oe/graph/field_type.hpp"

namespace oe::graph {

/// The types that a value may have, as bits. Fields that are declared may always be null, too (section 4.4 of the
/// reference).
using Types = unsigned;
constexpr Types kString = 1, kNumber = 2, kBoolean = 4, kObject = 8, kArray = 16, kNull = 32, kAnything = 63;

Types types_of(FieldType declared);
Types types_of(const Value& value);
/// Without the null that every field may be; of a null itself the null.
Types without_null(Types types);
/// "a string", "a number or a string".
std::string described(Types types);

}  // namespace oe::graph
