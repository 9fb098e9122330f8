#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"

namespace oe::exec {

/// A row may be this long.
inline constexpr std::size_t kMaxRowBytes = std::size_t{16} << 20;

/// One line or record, without its end. Valid until the next one.
struct TextPiece {
  std::string_view text;
  std::uint32_t line = 1;  ///< in which it begins
};

/// Where a text of rows is cut.
enum class Cut { lines, records };  ///< records: also at a lone CR, and not inside double quotes

/// Reads a text piece by piece, in memory for the longest piece. Takes a byte order mark off.
class TextPieces {
 public:
  /// `name` is for messages. Errors: environment.
  static Result<TextPieces> of_file(const std::filesystem::path& path, std::string name, Cut cut);
  static TextPieces of_text(std::string_view text, std::string name, Cut cut);

  /// Nothing at the end. Errors: input with the place, for what is not UTF-8 or too long; environment.
  Result<std::optional<TextPiece>> next();
  const std::string& name() const { return name_; }

 private:
  TextPieces(std::string name, Cut cut) : name_(std::move(name)), cut_(cut) {}
  Result<bool> fill();
  Result<std::size_t> find_end();
  TextPiece take(std::size_t length);

  std::string name_;
  Cut cut_;
  std::optional<std::ifstream> file_;  ///< nothing: all is in the buffer
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of the next piece, in the buffer
  std::uint32_t line_ = 1;
  bool started_ = false;
};

}  // namespace oe::exec
