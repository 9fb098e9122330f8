#include "oe/base/error.hpp"

namespace oe {

std::string Error::to_string() const {
  const std::string place = oe::to_string(location_);
  std::string text = place.empty() ? message_ : place + ": " + message_;
  for (const std::string& doing : context_) text += ", while " + doing;
  for (const Problem& problem : problems_) text += "\n" + oe::to_string(problem);
  if (!hint_.empty()) text += "\nhint: " + hint_;
  return text;
}

}  // namespace oe
