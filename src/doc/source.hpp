#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/problem.hpp"

namespace oe::doc {

/// The bytes of a document and where its lines begin ('\n' ends a line).
class Source {
 public:
  Source(std::string text, std::string name);

  const std::string& text() const { return text_; }
  const std::string& name() const { return name_; }
  /// Line and column (bytes) of a byte offset; past the end means the end.
  Location locate(std::size_t offset, std::string path = {}) const;

 private:
  std::string text_;
  std::string name_;
  std::vector<std::size_t> line_starts_;
};

/// Bytes of a UTF-8 byte order mark at the start of the text: 3 or 0.
std::size_t byte_order_mark(std::string_view text);

}  // namespace oe::doc
