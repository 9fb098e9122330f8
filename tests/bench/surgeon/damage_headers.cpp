#include <algorithm>
#include <fmt/core.h>

#include "bench/surgeon/work.hpp"

namespace oe::surgeon {
namespace {

std::size_t off(std::size_t number, std::size_t most, Random& random) {
  const std::size_t by = random.between(1, most);
  return random.percent(50) || by >= number ? number + by : number - by;
}

std::string placeholder(const Hunk& hunk, Random& random) {
  switch (random.below(5)) {
    case 0:
      return "@@ ... @@";
    case 1:
      return "@@";
    case 2:
      return "@@ @@";
    case 3:
      return fmt::format("@@ -XXX,{} +XXX,{} @@", hunk.old_count, hunk.new_count);
    default:
      return "@@ -?,? +?,? @@";
  }
}

void miscount(Hunk& hunk, Kind kind, Random& random) {
  const bool old_side = random.percent(40);
  const std::size_t by = random.between(1, 3);
  for (std::size_t* count : {&hunk.old_count, &hunk.new_count}) {
    if (old_side != (count == &hunk.old_count) && random.percent(60)) continue;
    *count = kind == Kind::counts_large ? *count + by : *count - std::min(*count, by);
  }
}

bool add_name(Work& work, Random& random) {
  const Change& change = work.changes[0];
  if (change.created || change.edits.size() > 1 || change.block_of(change.edits[0]).empty()) return false;
  if (change.edits[0].remove > 0) work.trial.must_refuse = false;  // the name decides
  for (Hunk& hunk : work.draft[0].hunks) {
    if (random.percent(50))
      hunk.name = change.block_of(change.edits[0]);
    else
      hunk.header = "@@ " + change.block_of(change.edits[0]) + " @@";
  }
  return true;
}

// A value that stands in several nodes, with lines around it that do so, too; the header may name the node.
bool repeat(Work& work, Random& random) {
  Hunk& hunk = work.draft[0].hunks[0];
  if (work.changes[0].edits.size() != 1 || work.draft[0].hunks.size() != 1) return false;
  std::size_t first = 0;
  if (places(work.changes[0].before, hunk, &first) < 2) return false;
  hunk.old_start = off(hunk.old_start, 40, random);
  hunk.new_start = hunk.old_start;
  if (random.percent(50)) return true;
  hunk.name = work.changes[0].block_of(work.changes[0].edits[0]);
  work.trial.must_refuse = work.changes[0].edits[0].remove == 0;  // a name says where a line is, not where a block ends
  return true;
}

bool miscount_new(Work& work, Random& random) {
  Hunk& hunk = work.draft[0].hunks[0];
  hunk.new_count = off(hunk.new_count, 9, random);
  hunk.old_start = random.below(2);
  return true;
}

}  // namespace

bool damage_headers(Work& work, Kind kind, Random& random) {
  if (kind == Kind::header_name) return add_name(work, random);
  if (kind == Kind::repeated_text) return repeat(work, random);
  if (kind == Kind::new_bad_counts) return miscount_new(work, random);
  for (FileDraft& file : work.draft)
    for (Hunk& hunk : file.hunks) {
      if (kind == Kind::wrong_line) hunk.old_start = hunk.new_start = off(hunk.old_start, 40, random);
      if (kind == Kind::counts_small || kind == Kind::counts_large) miscount(hunk, kind, random);
      if (kind == Kind::counts_placeholder) hunk.header = placeholder(hunk, random);
    }
  return true;
}

}  // namespace oe::surgeon
