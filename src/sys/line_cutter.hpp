#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace oe::sys {

/// Cuts a stream that comes in pieces into its lines.
class LineCutter {
 public:
  using OnLine = std::function<void(std::string_view)>;

  void take(std::string_view bytes, const OnLine& on_line) {
    for (std::size_t end; (end = bytes.find('\n')) != std::string_view::npos; bytes.remove_prefix(end + 1)) {
      if (begun_.empty()) {
        on_line(bytes.substr(0, end));
      } else {
        const std::string line = std::exchange(begun_, {}).append(bytes.substr(0, end));
        on_line(line);
      }
    }
    begun_.append(bytes);
  }
  /// A last line that has no newline is a line as well.
  void finish(const OnLine& on_line) {
    if (const std::string line = std::exchange(begun_, {}); !line.empty()) on_line(line);
  }
  std::size_t pending() const { return begun_.size(); }

 private:
  std::string begun_;
};

}  // namespace oe::sys
