#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "oe/exec/dataset.hpp"

#include "exec/text_pieces.hpp"

namespace oe::exec {

using DelimitedHeader = std::vector<std::string>;

/// The rows of a csv or tsv text as objects of strings (RFC 4180; the first record names the columns, empty lines are
/// skipped). Strict as csv-parse is by default: a quote inside an unquoted field, text after a closing quote and a row
/// with more or fewer fields than the header are errors, kind input, with line and column in bytes.
class DelimitedRows final : public RowReader {
 public:
  DelimitedRows(TextPieces text, char separator) : text_(std::move(text)), separator_(separator) {}
  Result<std::optional<Value>> next() override;

 private:
  TextPieces text_;
  char separator_;
  std::optional<DelimitedHeader> header_;
};

}  // namespace oe::exec
