#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace oe {

/// A place in a file that somebody wrote. Lines and columns count from 1, columns in bytes; 0 means "not
/// known".
struct Location {
  std::string file;  ///< as the user named it; empty when there is no file
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string path;  ///< JSON pointer of the value inside the file, e.g. "/graph/nodes/2/id"; may be empty

  friend bool operator==(const Location&, const Location&) = default;
};

/// A Location that rides along with a value and is no part of it: any two compare equal.
struct Where : Location {
  Where() = default;
  Where(Location location) : Location(std::move(location)) {}  // NOLINT: a Location is a Where
  friend bool operator==(const Where&, const Where&) { return true; }
};

enum class Severity { error, warning };

/// One thing that is wrong with an input. Readers and checks collect them all before anything is refused.
struct Problem {
  Severity severity = Severity::error;
  Location where;
  std::string message;  ///< what is wrong, without the place and without a full stop; further lines quote the file
  std::string hint;     ///< what to type next or "did you mean ..."; may be empty

  friend bool operator==(const Problem&, const Problem&) = default;
};

using Problems = std::vector<Problem>;

/// "file:line:col: path: message; hint", leaving out what is not known. Warnings say so before the message; further
/// lines of the message follow the hint.
std::string to_string(const Problem& problem);

/// "file:line:col", or "file" where the line is not known.
std::string to_string(const Location& location);

/// True when at least one of the problems is an error.
bool has_errors(const Problems& problems);

}  // namespace oe
