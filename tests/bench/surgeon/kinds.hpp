#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace oe::surgeon {

/// What models do to a diff.
enum class Kind {
  none,
  wrong_line,
  repeated_text,
  counts_small,
  counts_large,
  counts_placeholder,
  header_name,
  context_skipped,
  context_paraphrased,
  trailing_blanks,
  inner_spaces,
  shifted,
  lost_space,
  bare_blank,
  minus_for_plus,
  plus_for_minus,
  forgotten_plus,
  forgotten_minus,
  no_final_newline,
  newline_marker,
  no_prefix,
  odd_path,
  short_path,
  crlf_patch,
  lf_patch,
  truncated,
  typographic,
  fence,
  new_no_devnull,
  new_bad_counts,
  exists,
  overlapping,
  duplicated,
  unordered,
  repeated_header,
  two_files,
  two_sites,
  no_header,
  zero_context,
  elision,
  applied,
  stale,
  html,
  json,
  v4a,
  search_replace,
  whole,
  bogus_index,
  no_op,
  comment_only
};

/// Kinds that have a group in common are never stacked: both would need the same part of the diff.
enum Group : unsigned {
  kShape = 1,  ///< what is changed and how its hunks are cut
  kCounts = 2,
  kPaths = 4,
  kEnds = 8,   ///< line ends
  kTail = 16,  ///< how the text ends
  kWrap = 32,  ///< what is around it
  kContext = 64,
  kIndent = 128,
  kStart = 256,  ///< the line numbers
  kHistory = 512,
};

struct KindRow {
  Kind kind;
  std::string_view name;
  std::size_t weight;  ///< of being the first defect of a diff
  unsigned groups;
  unsigned row;  ///< of the catalogue that docs/patch.md follows
};
const std::vector<KindRow>& all_kinds();
const KindRow& row_of(Kind kind);

}  // namespace oe::surgeon
