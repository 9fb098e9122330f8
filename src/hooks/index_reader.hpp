#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace oe::hooks {

/// One entry of git's index. The views live until the next call of IndexReader::next().
struct IndexEntry {
  std::uint32_t mode = 0;      ///< 0100644, 0100755, 0120000 (link), 0160000 (submodule), 0040000 (sparse directory)
  std::string_view id;         ///< the raw bytes of the object id: 20 or 32
  std::string_view path;       ///< relative to the root; of a sparse directory with a "/" at its end
  unsigned stage = 0;          ///< 0, or 1 to 3 of a file that is in conflict
  bool intent_to_add = false;  ///< `git add -N`: no part of a commit
};

/// Reads an index file of version 2, 3 or 4 entry by entry, as git does, without allocating: it is part of a program
/// that is started for each commit. The format is gitformat-index(5). Git checks the digest at its end in fsck only, so
/// neither is it here; everything else that git would refuse makes ok() false, and so does a split index, whose
/// entries are in another file.
class IndexReader {
 public:
  /// `bytes` must outlive the reader; `id_size` is 20 (SHA-1) or 32 (SHA-256).
  IndexReader(std::string_view bytes, std::size_t id_size);

  /// False at the end, and when the file is not what it should be.
  bool next(IndexEntry& entry);
  /// Whether all that was read until now is as it should be; after next() gave false: the whole file.
  bool ok() const { return ok_; }

  static constexpr std::size_t kLongestPath = 4096;

 private:
  bool fail();
  bool read_path(std::size_t at, std::size_t length, std::size_t begin, IndexEntry& entry);
  bool read_path_v4(std::size_t at, IndexEntry& entry);
  bool is_in_order(const IndexEntry& entry);
  bool skip_extensions();

  std::string_view bytes_;  ///< without the digest at the end
  std::size_t id_size_;
  std::size_t at_ = 12;
  std::uint32_t version_ = 0;
  std::uint32_t left_ = 0;
  bool ok_ = true;
  bool at_end_ = false;
  std::size_t path_size_ = 0;  ///< of the entry before, whose path is in path_
  unsigned stage_ = 0;
  char path_[kLongestPath];
};

}  // namespace oe::hooks
