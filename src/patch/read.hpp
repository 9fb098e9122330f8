#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "patch/change.hpp"
#include "patch/lines.hpp"

namespace oe::patch {

/// A stretch of the text that may hold a change: what a fence holds, or the whole text.
struct Region {
  std::vector<Line> lines;
  std::string_view info;    ///< of the fence
  std::string_view before;  ///< the last line with something in it above the fence
  std::string_view inside;  ///< the bytes between the fences
  bool is_fenced = false;
  bool is_indented = false;
  bool is_closed = true;
  bool goes_on = false;  ///< what follows the closing fence looks like more of it
};
std::vector<Region> fences_in(std::string_view text);

enum class Format { none, unified, v4a, blocks };
Format format_of(const Region& region);

/// The lines between two headers; bare ones are context without its first blank.
HunkLine body_line(std::string_view text);
bool is_elision(std::string_view text);

using Read = tl::expected<Reading, Refusal>;
Read read_unified(const Region& region);
Read read_v4a(const Region& region);
Read read_blocks(const Region& region, std::string_view text);
/// A whole file, or rows for a dataset, for `target` or the path that stands by the fence.
Read read_whole(const std::vector<Region>& fences, std::string_view text, const std::string& target);
/// The path that a line names: "**a/b.yaml**:", "### `x.md`", "# file: y.js", "path: z"; empty when it is none.
std::string path_named_in(std::string_view line);

/// Everything that `text` asks for, hunks numbered.
Read read_change(std::string_view text, const std::string& target);

/// The lines of `old` and `now` as one hunk; what takes more than `most_cells` pairs of lines to compare is replaced.
Hunk hunk_between(const std::vector<Line>& old, const std::vector<Line>& now, std::size_t most_cells);

/// The text without one layer of escapes, likeliest first; empty when nothing is escaped.
std::vector<std::string> decoded(std::string_view text);
/// A JSON object with a diff for a member.
bool wraps_diff(std::string_view text);
bool has_entity(std::string_view text);
/// There are entities, and nothing that would have to be one.
bool is_all_escaped(std::string_view text);

}  // namespace oe::patch
