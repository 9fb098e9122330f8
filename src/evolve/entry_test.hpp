#pragma once

#include <string>
#include <vector>

#include "oe/base/value.hpp"

namespace oe::evolve {

/// A simple test of one entry of a list, or of one member of it. It can be asked here and written out as JavaScript
/// (check_module.hpp); both say the same.
struct EntryTest {
  enum class Demand {
    present,       ///< there and not null
    of_type,       ///< of the JSON type `type`
    not_blank,     ///< a string with something in it but white space
    not_negative,  ///< a number of at least 0
    positive,      ///< a number above 0
    not_empty,     ///< an array with an element
  };
  std::string member;  ///< empty: the entry itself
  Demand demand = Demand::present;
  std::string type;  ///< with of_type: "string", "number", "boolean", "array" or "object"
  friend bool operator==(const EntryTest&, const EntryTest&) = default;
};

bool passes(const EntryTest& test, const Value& entry);

/// Every test that all of the entries pass, the simplest first: those of the entry before those of its members, weak
/// demands before strong ones, members by name. Lists of allowed values are left out on purpose: a value that was not
/// seen yet is no fault.
std::vector<EntryTest> tests_passed_by(const std::vector<Value>& entries);

/// What an entry that fails has, as a clause: "url is missing or null", "the entry is not a string".
std::string fault(const EntryTest& test);

}  // namespace oe::evolve
