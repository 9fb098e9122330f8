#pragma once

#include <string_view>

#include "hooks/index_reader.hpp"

namespace oe::hooks {

// What was found valid is kept in <common git dir>/oe/valid, so that the program which git starts for each commit can tell
// that there is nothing to do. Lines of text behind the first, "oe valid 1"; modes are octal, ids hexadecimal:
//   w <on> <mode> <id> <path>   a workflow; `on` is c (it runs on commits), m (on merges), both, or -
// and, until the next one, all that this depended on:
//   = <mode> <id> <path>        an entry of the index
//   / <path>/                   a directory: some entry below it
//   ! <path>                    no such entry; with a "/" at the end: none below it
inline constexpr std::string_view kMemoHeader = "oe valid 1\n";
inline constexpr std::size_t kMostMemoBytes = std::size_t{1} << 20;

struct MemoLine {
  char kind = 0;
  std::string_view on;    ///< of "w"
  std::uint32_t mode = 0;  ///< of "w" and "="
  std::string_view id;    ///< hexadecimal; of "w" and "="
  std::string_view path;
};
/// False when it is none. The views are of `text`, which has no line break.
bool read_memo_line(std::string_view text, MemoLine& line);

/// Whether any workflow that is found valid in this memo runs on commits.
bool runs_on_commits(std::string_view memo);

/// Whether a path of the index is looked at as a workflow: a file experience.yaml, or any *.experience.yaml.
bool is_workflow_name(std::string_view path);

/// How an index stands to the memo.
struct Standing {
  bool known = false;  ///< every workflow in it was found valid before, with all that it depended on as it is
  bool on_commit = false;  ///< one of them runs on commits
  bool on_merge = false;   ///< or on merges
};

/// Never `known` when the index is damaged, or the memo is and there is a workflow. Reads `index` to its end.
Standing standing_of(IndexReader& index, std::string_view memo);

}  // namespace oe::hooks
