#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace oe::doc {

/// What libyaml is given for a text, and the way back: its marks count code points of what it was given, we count
/// bytes of the text. It is given the text without its byte order mark and, in a JSON text, with each escaped
/// surrogate pair (which JSON has and YAML has not) written as the one character that it means.
class ParserInput {
 public:
  /// Keeps a view of `text`, which has to be valid UTF-8 and to outlive this.
  explicit ParserInput(std::string_view text);
  ParserInput(const ParserInput&) = delete;
  ParserInput& operator=(const ParserInput&) = delete;

  std::string_view given() const { return given_; }
  /// Byte of the text for a code point of what was given.
  std::size_t byte_of_code_point(std::size_t index) const;
  /// Byte of the text for a byte of what was given.
  std::size_t byte_of_given(std::size_t offset) const;

 private:
  struct Shift {
    std::size_t given;  ///< from this byte of what was given on ...
    std::size_t bytes;  ///< ... the text is this many bytes ahead
  };
  struct Point {
    std::size_t index;  ///< a code point of what was given ...
    std::size_t byte;   ///< ... and where it begins there
  };
  void join_surrogates();
  void find_wide_characters();

  std::string joined_;
  std::string_view given_;
  std::vector<Shift> shifts_;
  std::vector<Point> behind_wide_;  ///< the successor of each character of more than one byte
};

}  // namespace oe::doc
