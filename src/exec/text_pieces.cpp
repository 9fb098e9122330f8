#include "exec/text_pieces.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/sys/file.hpp"

namespace oe::exec {

namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::uint32_t line_ends(std::string_view text, Cut cut) {
  std::uint32_t ends = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool lone_return = cut == Cut::records && text[i] == '\r' && text.substr(i + 1, 1) != "\n";
    if (text[i] == '\n' || lone_return) ++ends;
  }
  return ends;
}

Location place_in(const TextPiece& piece, std::size_t offset, const std::string& name) {
  const std::string_view before = piece.text.substr(0, offset);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 == 0
  return {.file = name,
          .line = piece.line + static_cast<std::uint32_t>(std::ranges::count(before, '\n')),
          .column = static_cast<std::uint32_t>(offset - line_start + 1)};
}

}  // namespace

Result<TextPieces> TextPieces::of_file(const std::filesystem::path& path, std::string name, Cut cut) {
  TextPieces pieces(std::move(name), cut);
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) pieces.file_.emplace(path, std::ios::binary);
  if (pieces.file_ && pieces.file_->is_open()) return pieces;
  auto why = sys::read_file(path, 0);  // says in words what is wrong with it
  if (!why) return fail(std::move(why).error());
  return fail(ErrorKind::environment, fmt::format("cannot read {}", path.string()));
}

TextPieces TextPieces::of_text(std::string_view text, std::string name, Cut cut) {
  TextPieces pieces(std::move(name), cut);
  pieces.buffer_ = text;
  return pieces;
}

/// False at the end of the file.
Result<bool> TextPieces::fill() {
  if (!file_) return false;
  buffer_.erase(0, std::exchange(begin_, 0));
  const std::size_t old = buffer_.size();
  buffer_.resize(old + kChunk);
  file_->read(buffer_.data() + old, static_cast<std::streamsize>(kChunk));
  buffer_.resize(old + static_cast<std::size_t>(file_->gcount()));
  if (file_->bad()) return fail(ErrorKind::environment, fmt::format("cannot read {}", name_));
  return buffer_.size() > old;
}

/// The length of the next piece, without its end.
Result<std::size_t> TextPieces::find_end() {
  const std::string_view stops = cut_ == Cut::lines ? "\n" : "\n\r\"";
  bool quoted = false;
  for (std::size_t length = 0;;) {
    const std::size_t stop = buffer_.find_first_of(stops, begin_ + length);
    length = (stop == std::string::npos ? buffer_.size() : stop) - begin_;
    if (length > kMaxRowBytes)
      return fail(Error(ErrorKind::input, fmt::format("a row of more than {} MiB", kMaxRowBytes >> 20U),
                        quoted ? "is a quote in it never closed?" : "")
                      .at({.file = name_, .line = line_, .column = 1}));
    if (stop == std::string::npos) {
      OE_TRY(const bool more, fill());
      if (!more) return length;
    } else if (buffer_[stop] == '"') {
      quoted = !quoted;
      ++length;
    } else if (quoted) {
      ++length;
    } else {
      return length;
    }
  }
}

TextPiece TextPieces::take(std::size_t length) {
  const std::size_t end = begin_ + length;
  const bool two = buffer_.compare(end, 2, "\r\n") == 0;
  const TextPiece piece{std::string_view(buffer_).substr(begin_, length), line_};
  begin_ = std::min(end + (two ? 2 : 1), buffer_.size());
  line_ += line_ends(piece.text, cut_) + 1;
  return piece;
}

Result<std::optional<TextPiece>> TextPieces::next() {
  if (buffer_.size() - begin_ < 3 && file_) OE_CHECK(fill());
  if (!std::exchange(started_, true) && std::string_view(buffer_).starts_with(kByteOrderMark)) begin_ = 3;
  if (begin_ == buffer_.size()) {
    OE_TRY(const bool more, fill());
    if (!more) return std::nullopt;
  }
  OE_TRY(const std::size_t length, find_end());
  if (begin_ + length + 1 == buffer_.size()) OE_CHECK(fill());  // a line feed may follow a carriage return
  const TextPiece piece = take(length);
  if (const auto bad = invalid_utf8(piece.text))
    return fail(Error(ErrorKind::input, "not valid UTF-8", "convert it: iconv -f LATIN1 -t UTF-8")
                    .at(place_in(piece, *bad, name_)));
  return piece;
}

}  // namespace oe::exec
