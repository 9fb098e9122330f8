#pragma once

#include <string>
#include <vector>

#include "oe/base/value.hpp"

namespace oe {

/// Takes secrets out of what is kept or shown: each becomes "***", also inside of longer texts, as the part of a JSON
/// text that it would be, and in the names of members. Empty secrets are not looked for.
class Redactor {
 public:
  Redactor() = default;
  explicit Redactor(const std::vector<std::string>& secrets);

  bool empty() const { return wanted_.empty(); }
  std::string text(std::string text) const;
  Value value(const Value& value) const;

 private:
  std::vector<std::string> wanted_;  ///< longest first, so that one inside of another leaves nothing behind
};

}  // namespace oe
