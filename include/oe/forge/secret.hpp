#pragma once

#include <string>
#include <utility>

namespace oe::forge {

/// A text that must not be shown: it cannot be streamed, compared or formatted; reveal() marks each place that uses it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  bool empty() const { return text_.empty(); }
  const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

}  // namespace oe::forge
