#include "hooks/index_reader.hpp"

#include <cstring>

namespace oe::hooks {
namespace {

constexpr std::size_t kStatBytes = 24;  // ctime, mtime, dev, ino
constexpr std::size_t kFixedBytes = 40;  // with mode, uid, gid, size
constexpr std::uint16_t kExtended = 0x4000;
constexpr std::uint16_t kIntentToAdd = 0x2000;
constexpr std::size_t kLongName = 0x0FFF;

unsigned byte(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes.data()[at]);
}

std::uint32_t number32(std::string_view bytes, std::size_t at) {
  return byte(bytes, at) << 24 | byte(bytes, at + 1) << 16 | byte(bytes, at + 2) << 8 | byte(bytes, at + 3);
}

std::uint16_t number16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(byte(bytes, at) << 8 | byte(bytes, at + 1));
}

std::string_view piece(std::string_view bytes, std::size_t begin, std::size_t size) {
  return {bytes.data() + begin, size};
}

bool is_known_mode(std::uint32_t mode) {
  return mode == 0100644 || mode == 0100755 || mode == 0120000 || mode == 0160000 || mode == 0040000;
}

}  // namespace

IndexReader::IndexReader(std::string_view bytes, std::size_t id_size) : bytes_(bytes), id_size_(id_size) {
  if (bytes.size() < at_ + id_size || std::memcmp(bytes.data(), "DIRC", 4) != 0) {
    ok_ = false;
    return;
  }
  bytes_ = piece(bytes, 0, bytes.size() - id_size);
  version_ = number32(bytes, 4);
  left_ = number32(bytes, 8);
  ok_ = version_ >= 2 && version_ <= 4;
}

bool IndexReader::fail() {
  ok_ = false;
  return false;
}

bool IndexReader::next(IndexEntry& entry) {
  if (!ok_ || at_end_) return false;
  if (left_ == 0) {
    at_end_ = true;
    return skip_extensions() ? false : fail();
  }
  --left_;
  const std::size_t begin = at_;
  std::size_t at = begin + kFixedBytes + id_size_ + 2;
  if (at > bytes_.size()) return fail();
  entry.mode = number32(bytes_, begin + kStatBytes);
  entry.id = piece(bytes_, begin + kFixedBytes, id_size_);
  const std::uint16_t flags = number16(bytes_, at - 2);
  entry.stage = flags >> 12 & 3U;
  entry.intent_to_add = false;
  if ((flags & kExtended) != 0) {
    if (version_ == 2 || at + 2 > bytes_.size()) return fail();
    entry.intent_to_add = (number16(bytes_, at) & kIntentToAdd) != 0;
    at += 2;
  }
  if (!is_known_mode(entry.mode)) return fail();
  const bool has_path =
      version_ == 4 ? read_path_v4(at, entry) : read_path(at, flags & kLongName, begin, entry);
  return has_path && is_in_order(entry) ? true : fail();
}

// Filled up with 1 to 8 NULs, so that the next entry begins at a multiple of eight from this one.
bool IndexReader::read_path(std::size_t at, std::size_t length, std::size_t begin, IndexEntry& entry) {
  const void* end = std::memchr(bytes_.data() + at, 0, bytes_.size() - at);
  if (end == nullptr) return false;
  const std::size_t size = static_cast<std::size_t>(static_cast<const char*>(end) - (bytes_.data() + at));
  if (length < kLongName ? size != length : size < kLongName) return false;
  const std::size_t used = at + size - begin;
  at_ = begin + (used + 8) / 8 * 8;
  if (at_ > bytes_.size()) return false;
  entry.path = piece(bytes_, at, size);
  return true;
}

// The bytes to take off the path before as a number of varying length (that of OFS_DELTA), then what comes instead.
bool IndexReader::read_path_v4(std::size_t at, IndexEntry& entry) {
  std::size_t taken = 0;
  for (bool is_first = true, more = true; more; is_first = false) {
    if (at >= bytes_.size() || taken > kLongestPath) return false;
    const unsigned digit = byte(bytes_, at++);
    taken = (is_first ? 0 : (taken + 1) << 7) + (digit & 0x7FU);
    more = (digit & 0x80U) != 0;
  }
  if (taken > path_size_ || at >= bytes_.size()) return false;
  const void* end = std::memchr(bytes_.data() + at, 0, bytes_.size() - at);
  if (end == nullptr) return false;
  const std::size_t kept = path_size_ - taken;
  const std::size_t added = static_cast<std::size_t>(static_cast<const char*>(end) - (bytes_.data() + at));
  if (added > kLongestPath - kept) return false;
  // The path before is needed to see whether the order holds; the byte after the common part tells that.
  const int order = std::memcmp(path_ + kept, bytes_.data() + at, taken < added ? taken : added);
  if (path_size_ != 0 && (order > 0 || (order == 0 && taken > added))) return false;
  if (path_size_ != 0 && order == 0 && taken == added && entry.stage <= stage_) return false;
  std::memcpy(path_ + kept, bytes_.data() + at, added);
  path_size_ = kept + added;
  stage_ = entry.stage;
  at_ = at + added + 1;
  entry.path = {path_, path_size_};
  return path_size_ != 0;
}

bool IndexReader::is_in_order(const IndexEntry& entry) {
  const bool is_directory = entry.mode == 0040000;
  if (entry.path.empty() || is_directory != (entry.path.back() == '/') || entry.path.front() == '/') return false;
  if (version_ == 4) return true;  // read_path_v4() has seen to it
  if (entry.path.size() > kLongestPath) return false;
  const std::string_view before{path_, path_size_};
  const int order = before.compare(entry.path);
  if (order > 0 || (order == 0 && entry.stage <= stage_)) return false;
  std::memcpy(path_, entry.path.data(), entry.path.size());
  path_size_ = entry.path.size();
  stage_ = entry.stage;
  return true;
}

// Names that begin with a capital letter may be left alone; of the others only "sdir" (there are sparse directories) is
// one that this reader understands.
bool IndexReader::skip_extensions() {
  while (at_ < bytes_.size()) {
    if (bytes_.size() - at_ < 8) return false;
    const std::string_view name = piece(bytes_, at_, 4);
    const std::size_t size = number32(bytes_, at_ + 4);
    if ((name.front() < 'A' || name.front() > 'Z') && name != "sdir") return false;
    if (size > bytes_.size() - at_ - 8) return false;
    at_ += 8 + size;
  }
  return true;
}

}  // namespace oe::hooks
