#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/patch/patch.hpp"

namespace oe::patch {

/// Every format is read into this. All views point into the text that was read.
enum class Mark { context, minus, plus, gap };

struct HunkLine {
  Mark mark = Mark::context;
  std::string_view text;   ///< without the marker
  std::string_view raw;    ///< with it
  bool is_bare = false;    ///< context without its first blank
  bool ends_file = false;  ///< "\ No newline at end of file" follows
};

struct Counts {
  std::size_t before = 0;
  std::size_t after = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};

struct Hunk {
  std::vector<HunkLine> lines;
  std::vector<std::string_view> names;  ///< that the header gives, outermost first
  std::optional<Counts> counts;         ///< that the header gives
  bool needs_counts = false;            ///< the format has them
  bool has_cr = false;
  bool ends_file = false;  ///< *** End of File
  std::size_t number = 0;  ///< from 1, over the whole text

  Counts own_counts() const;
  bool agrees() const { return counts && *counts == own_counts(); }
  bool has(Mark mark) const;
};

struct FileChange {
  std::string before;  ///< the path as it was written; empty: none; "/dev/null" as it stands
  std::string after;
  std::vector<Hunk> hunks;
  std::optional<std::string> whole;  ///< instead of hunks
  bool is_bare = false;              ///< `whole` was in no fence
  bool is_rows = false;              ///< `whole` holds rows to append
  bool is_new = false;               ///< said to be a new file
  bool has_path() const { return !before.empty() || !after.empty(); }
};

using Reading = std::vector<FileChange>;

using Rungs = std::uint32_t;
constexpr Rungs bit(Rung rung) {
  return Rungs{1} << static_cast<unsigned>(rung);
}

/// Replaces lines [begin, end) of the file.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<std::string> lines;
  std::optional<bool> newline_at_end;  ///< when the hunk says so
  friend bool operator==(const Edit&, const Edit&) = default;
};

/// One way to read a hunk.
struct Option {
  std::vector<Edit> edits;
  Rungs rungs = 0;
  bool is_low = false;
  bool has_checksum = false;  ///< the header's counts are those of this reading
};

/// The message becomes one plain line of UTF-8.
Refusal refusal(Reason reason, std::string message);
std::string text_of(const Hunk& hunk);

}  // namespace oe::patch
