#include "llm/lines.hpp"

namespace oe::llm {

void Lines::feed(std::string_view bytes) {
  while (!bytes.empty() && !is_too_long_) {
    if (after_cr_ && bytes.front() == '\n') bytes.remove_prefix(1);
    after_cr_ = false;
    const std::size_t end = bytes.find_first_of("\r\n");
    keep(bytes.substr(0, end));
    if (end == std::string_view::npos || is_too_long_) return;
    take_(rest_);
    rest_.clear();
    after_cr_ = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
  }
}

void Lines::keep(std::string_view bytes) {
  is_too_long_ = rest_.size() + bytes.size() > limit_;
  if (is_too_long_)
    rest_ = std::string();
  else
    rest_ += bytes;
}

}  // namespace oe::llm
