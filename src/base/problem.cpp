#include "oe/base/problem.hpp"

#include <algorithm>

namespace oe {

std::string to_string(const Location& location) {
  std::string text = location.file;
  if (location.line == 0) return text;
  text += ':' + std::to_string(location.line);
  if (location.column != 0) text += ':' + std::to_string(location.column);
  return text;
}

std::string to_string(const Problem& problem) {
  std::string text = to_string(problem.where);
  if (!text.empty()) text += ": ";
  if (!problem.where.path.empty()) text += problem.where.path + ": ";
  if (problem.severity == Severity::warning) text += "warning: ";
  // What is quoted from the file stands below, also below the hint.
  const std::size_t line_end = std::min(problem.message.find('\n'), problem.message.size());
  text.append(problem.message, 0, line_end);
  if (!problem.hint.empty()) text += "; " + problem.hint;
  return text.append(problem.message, line_end);
}

bool has_errors(const Problems& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& problem) { return problem.severity == Severity::error; });
}

}  // namespace oe
