#pragma once

#include <string>
#include <vector>

#include "bench/surgeon/draft.hpp"
#include "bench/surgeon/trial.hpp"

namespace oe::surgeon {

/// One file of a trial under construction.
struct Change {
  Text before;
  std::vector<Edit> edits;
  std::vector<Block> blocks;
  bool created = false;  ///< `before` is the new file then
  /// Of the block that an edit is in; one that comes in behind a block counts to that.
  std::string block_of(const Edit& edit) const;
};

/// A trial under construction: the edit, then its diff, then the text.
struct Work {
  Trial trial;
  std::vector<Change> changes;
  Draft draft;
  std::string text;
  bool has(Kind kind) const;
};

/// Makes up files and edits that suit the kinds of the trial.
bool choose_edit(Work& work, Random& random);
/// Each gives false when the diff has nothing to damage in this way; the trial is made up anew then.
bool damage_files(Work& work, Kind kind, Random& random);
bool damage_headers(Work& work, Kind kind, Random& random);
bool damage_lines(Work& work, Kind kind, Random& random);
bool damage_signs(Work& work, Kind kind, Random& random);
bool damage_text(Work& work, Kind kind, Random& random);
/// In the form of the kind: V4A, SEARCH/REPLACE, whole file, or else a unified diff.
std::string render_form(const Work& work, Random& random);

}  // namespace oe::surgeon
