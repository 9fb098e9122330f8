#include "bench/surgeon/kinds.hpp"

#include <algorithm>

namespace oe::surgeon {

const std::vector<KindRow>& all_kinds() {
  // Another form has no headers, no counts and no markers to be wrong in.
  constexpr unsigned kForm = kShape | kCounts | kTail | kIndent | kStart | kContext;
  static const std::vector<KindRow> rows = {
      {Kind::wrong_line, "wrong start line", 110, kStart, 1},
      {Kind::repeated_text, "repeated text, wrong start", 15, kShape | kStart | kContext, 2},
      {Kind::counts_small, "counts too small", 70, kCounts, 3},
      {Kind::counts_large, "counts too large", 70, kCounts, 4},
      {Kind::counts_placeholder, "placeholder in header", 45, kCounts, 5},
      {Kind::header_name, "name in header", 35, kStart, 6},
      {Kind::context_skipped, "context line skipped", 35, kContext, 7},
      {Kind::context_paraphrased, "context paraphrased", 25, kContext, 8},
      {Kind::trailing_blanks, "trailing blanks", 50, 0, 9},
      {Kind::inner_spaces, "tabs, inner spaces", 30, kIndent, 10},
      {Kind::shifted, "hunk at another depth", 30, kIndent, 11},
      {Kind::lost_space, "context lost its blank", 40, kIndent, 12},
      {Kind::bare_blank, "blank context bare", 40, 0, 13},
      {Kind::minus_for_plus, "- for +", 12, kShape, 14},
      {Kind::plus_for_minus, "+ for -", 8, kShape, 15},
      {Kind::forgotten_plus, "+ forgotten", 12, kShape, 16},
      {Kind::forgotten_minus, "- forgotten", 8, kShape, 17},
      {Kind::no_final_newline, "patch without last newline", 60, kTail, 18},
      {Kind::newline_marker, "marker of last newline", 20, kTail | kShape | kContext, 19},
      {Kind::no_prefix, "no a/ b/", 45, kPaths, 20},
      {Kind::odd_path, "path doubled, absolute, ./, \\", 40, kPaths, 21},
      {Kind::short_path, "base name, wrong case", 25, kPaths, 22},
      {Kind::crlf_patch, "CRLF patch, LF file", 20, kEnds, 23},
      {Kind::lf_patch, "LF patch, CRLF file", 20, kEnds, 23},
      {Kind::truncated, "truncated", 20, kTail | kWrap, 24},
      {Kind::typographic, "typographic characters", 20, 0, 25},
      {Kind::fence, "prose and fence", 110, kWrap, 26},
      {Kind::new_no_devnull, "new file, no /dev/null", 12, kShape | kPaths | kHistory | kContext | kIndent, 27},
      {Kind::new_bad_counts, "new file, bad counts", 12, kShape | kCounts | kHistory | kContext | kIndent, 28},
      {Kind::exists, "/dev/null, file exists", 8, kShape | kHistory | kContext | kIndent, 29},
      {Kind::overlapping, "hunks overlap", 12, kShape, 30},
      {Kind::duplicated, "hunk twice", 8, kShape, 30},
      {Kind::unordered, "hunks out of order", 10, kShape, 31},
      {Kind::repeated_header, "file header repeated", 10, kShape, 32},
      {Kind::two_files, "two files", 15, kShape, 33},
      {Kind::no_header, "no file header", 20, kPaths, 34},
      {Kind::two_sites, "two sites in one hunk", 18, kShape, 35},
      {Kind::zero_context, "zero context", 10, kShape | kContext, 36},
      {Kind::elision, "... for lines", 18, kShape | kContext, 37},
      {Kind::applied, "already applied", 12, kShape | kHistory, 38},
      {Kind::stale, "stale base", 30, kHistory, 39},
      {Kind::html, "escaped for HTML", 8, kWrap, 40},
      {Kind::json, "escaped for JSON", 10, kWrap, 40},
      {Kind::v4a, "V4A", 25, kForm, 41},
      {Kind::search_replace, "SEARCH/REPLACE", 25, kForm, 41},
      {Kind::whole, "whole file", 20, kForm | kHistory | kWrap | kPaths, 41},
      {Kind::bogus_index, "bogus index lines", 20, 0, 42},
      {Kind::no_op, "no-op", 8, kShape, 43},
      {Kind::comment_only, "comment only", 8, kShape, 43},
  };
  return rows;
}

const KindRow& row_of(Kind kind) {
  static const KindRow none{Kind::none, "undamaged", 0, 0, 0};
  for (const KindRow& row : all_kinds())
    if (row.kind == kind) return row;
  return none;
}

}  // namespace oe::surgeon
