#include "doc/source.hpp"

#include <algorithm>
#include <cstdint>

namespace oe::doc {

Source::Source(std::string text, std::string name)
    : text_(std::move(text)), name_(std::move(name)), line_starts_{byte_order_mark(text_)} {
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) {
    line_starts_.push_back(at + 1);
  }
}

Location Source::locate(std::size_t offset, std::string path) const {
  offset = std::clamp(offset, line_starts_.front(), text_.size());
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(next - line_starts_.begin());
  const auto column = static_cast<std::uint32_t>(offset - *(next - 1) + 1);
  return {.file = name_, .line = line, .column = column, .path = std::move(path)};
}

std::size_t byte_order_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

}  // namespace oe::doc
