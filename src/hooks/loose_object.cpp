#include "hooks/loose_object.hpp"

#include <algorithm>
#include <charconv>
#include <zlib.h>

#include "oe/sys/file.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

/// Of "<type> <size>\0".
constexpr std::size_t kMostHeaderBytes = 32;

bool is_id(std::string_view text) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return (text.size() == 40 || text.size() == 64) && std::ranges::all_of(text, is_digit);
}

/// Takes a stream of zlib apart, piece by piece.
class Inflating {
 public:
  explicit Inflating(std::string& packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream_.avail_in = static_cast<uInt>(packed.size());
    is_good_ = inflateInit(&stream_) == Z_OK;
  }
  Inflating(const Inflating&) = delete;
  Inflating& operator=(const Inflating&) = delete;
  ~Inflating() { inflateEnd(&stream_); }

  /// The next bytes, `most` of them while there are as many.
  std::string next(std::size_t most) {
    std::string piece(most, '\0');
    stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream_.avail_out = static_cast<uInt>(most);
    const int code = is_good_ ? inflate(&stream_, Z_SYNC_FLUSH) : Z_DATA_ERROR;
    is_good_ = code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR;
    is_at_end_ = code == Z_STREAM_END;
    piece.resize(most - stream_.avail_out);
    return piece;
  }
  /// Whether the stream has ended as it should.
  bool is_at_end() { return is_at_end_ || (next(1).empty() && is_at_end_); }

 private:
  z_stream stream_{};
  bool is_good_ = false;
  bool is_at_end_ = false;
};

std::optional<std::size_t> number_in(std::string_view digits) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_one = error == std::errc() && end == digits.data() + digits.size();
  return is_one ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<Object> loose_object(const fs::path& objects, std::string_view id, std::size_t most) {
  if (!is_id(id)) return std::nullopt;
  auto packed = sys::read_file(objects / id.substr(0, 2) / id.substr(2), most);
  if (!packed) return std::nullopt;
  Inflating stream(*packed);
  const std::string begin = stream.next(kMostHeaderBytes);
  const std::size_t blank = begin.find(' ');
  const std::size_t end = begin.find('\0');
  if (blank == std::string::npos || end == std::string::npos || blank > end) return std::nullopt;
  const auto size = number_in(std::string_view(begin).substr(blank + 1, end - blank - 1));
  if (!size || *size > most) return std::nullopt;
  Object object{.id = std::string(id), .type = begin.substr(0, blank), .bytes = begin.substr(end + 1)};
  if (object.bytes.size() < *size) object.bytes += stream.next(*size - object.bytes.size());
  return object.bytes.size() == *size && stream.is_at_end() ? std::optional(std::move(object)) : std::nullopt;
}

}  // namespace oe::hooks
