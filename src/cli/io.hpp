#pragma once

#include <cstdio>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/value.hpp"

namespace oe::cli {

enum class Colour { none, red, green, yellow, dim, bold };

/// The only place that prints. Results go to standard output, everything else to standard error.
class Io {
 public:
  /// Colours when standard output is a terminal and NO_COLOR is not set.
  static Io standard();

  void line(std::string_view text);                   ///< standard output
  void note(std::string_view text);                   ///< standard error
  void prompt(std::string_view text);                 ///< standard output, and the cursor stays behind it
  void json(const nlohmann::ordered_json& document);  ///< one pretty document on standard output
  std::string paint(Colour colour, std::string_view text) const;
  /// False when something could not be written (a full disk behind a redirection).
  bool flush();

 private:
  explicit Io(bool colours) : colours_(colours) {}
  bool colours_;
};

/// Rows of text in aligned columns; the last column is not padded.
class Table {
 public:
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  void print(Io& io, std::string_view indent = "") const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace oe::cli
