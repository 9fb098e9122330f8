#include <algorithm>

#include "bench/surgeon/work.hpp"

namespace oe::surgeon {
namespace {

Kind weighted(Random& random) {
  std::size_t total = 0;
  for (const KindRow& row : all_kinds()) total += row.weight;
  std::size_t dice = random.below(total);
  for (const KindRow& row : all_kinds()) {
    if (dice < row.weight) return row.kind;
    dice -= row.weight;
  }
  return Kind::fence;
}

// One to three that do not need the same part of the diff, in the order of the table.
std::vector<Kind> stack(Random& random) {
  const std::size_t dice = random.below(100);
  const std::size_t count = dice < 45 ? 1 : dice < 80 ? 2 : 3;
  std::vector<Kind> kinds = {weighted(random)};
  for (int tries = 0; kinds.size() < count && tries < 20; ++tries) {
    const Kind next = weighted(random);
    const bool fits = std::all_of(kinds.begin(), kinds.end(), [&](Kind kind) {
      return kind != next && (row_of(kind).groups & row_of(next).groups) == 0;
    });
    if (fits) kinds.push_back(next);
  }
  return kinds;
}

std::size_t context_of(const Work& work, Random& random) {
  if (work.has(Kind::zero_context)) return 0;
  if (work.has(Kind::repeated_text)) return 1;
  if (work.has(Kind::elision)) return 7;
  const std::size_t dice = random.below(100);
  return dice < 84 || work.has(Kind::overlapping) || work.has(Kind::context_skipped) ? 3 : dice < 94 ? 2 : 1;
}

// As git does it where it knows the language: with the block in which the hunk begins to change something.
void name_hunks(const Change& change, FileDraft& file) {
  for (Hunk& hunk : file.hunks)
    for (const Edit& edit : change.edits)
      if (hunk.name.empty() && edit.at >= hunk.at && edit.at <= hunk.at + hunk.old_count)
        hunk.name = change.block_of(edit);
}

void make_draft(Work& work, Random& random) {
  const std::size_t context = context_of(work, random);
  for (const Change& change : work.changes) {
    work.draft.push_back(change.created ? draft_of_new(change.before)
                                        : draft_of(change.before, change.edits, context, work.has(Kind::overlapping)));
    if (random.percent(40) && !work.has(Kind::two_files))
      work.draft.back().before_header = "diff --git a/" + change.before.path + " b/" + change.before.path + "\n";
    if (random.percent(20) && !change.created && !work.has(Kind::repeated_text) && !work.has(Kind::two_sites))
      name_hunks(change, work.draft.back());
  }
}

// A hunk that stands in several places does not say which is meant; its numbers are not to be believed.
bool places_are_known(const Work& work) {
  for (std::size_t i = 0; i < work.changes.size(); ++i)
    for (const Hunk& hunk : work.draft[i].hunks)
      if (!work.changes[i].created && places(work.changes[i].before, hunk) != 1) return false;
  return true;
}

// The damage has made of a hunk the perfect one for another place.
bool means_elsewhere(const Work& work) {
  for (std::size_t i = 0; i < work.changes.size(); ++i)
    for (const Hunk& hunk : work.draft[i].hunks) {
      std::size_t first = 0;
      if (work.changes[i].created || places(work.changes[i].before, hunk, &first) != 1) continue;
      if (first > hunk.at + 3 || hunk.at > first + 3) return true;
    }
  return false;
}

// What says which line it was is only in the counts.
bool proof_is_lost(const Work& work) {
  const bool needs = work.has(Kind::plus_for_minus) || work.has(Kind::forgotten_plus);
  return needs && (work.has(Kind::counts_small) || work.has(Kind::counts_large) || work.has(Kind::counts_placeholder));
}

void set_truth(Work& work) {
  Trial& trial = work.trial;
  trial.base["README.md"] = "# My repo\n\nSee flows.\n";
  trial.base["flows/nightly/notes.txt"] = "nothing to see\n";
  Files intended = trial.base;
  for (const Change& change : work.changes) {
    const std::string& path = change.before.path;
    intended[path] = (change.created ? change.before : edited(change.before, change.edits)).bytes();
    if (!change.created) trial.base[path] = change.before.bytes();
    if (work.has(Kind::exists)) trial.base[path] = change.before.bytes();
  }
  if (work.has(Kind::exists) && work.trial.seed % 2 == 0)
    trial.base[work.changes[0].before.path] += "and one more line\n";
  if (work.has(Kind::applied)) trial.base = intended;
  const bool nothing = work.has(Kind::exists) || work.has(Kind::applied) || work.has(Kind::no_op);
  if (!nothing) trial.intended = std::move(intended);
  trial.must_refuse |=
      nothing || proof_is_lost(work) || work.has(Kind::comment_only) || work.has(Kind::forgotten_minus);
}

bool damage_all(Work& work, Random& random) {
  using Step = bool (*)(Work&, Kind, Random&);
  for (const Step step : {damage_files, damage_headers, damage_lines, damage_signs})
    for (const Kind kind : work.trial.kinds)
      if (!step(work, kind, random)) return false;
  return !means_elsewhere(work);
}

void set_target(Work& work, Random& random) {
  const bool known = random.percent(work.has(Kind::no_header) || work.has(Kind::whole) ? 75 : 50);
  if (known && !work.has(Kind::two_files)) work.trial.target = work.changes[0].before.path;
}

bool make(Work& work, Random& random) {
  if (!choose_edit(work, random)) return false;
  make_draft(work, random);
  const bool known = places_are_known(work);
  if (work.has(Kind::applied) && !known) return false;
  work.trial.must_refuse = !known && !work.has(Kind::whole);
  if (!damage_all(work, random)) return false;
  set_truth(work);
  set_target(work, random);
  work.text = render_form(work, random);
  for (const Kind kind : work.trial.kinds)
    if (!damage_text(work, kind, random)) return false;
  return true;
}

}  // namespace

bool Work::has(Kind kind) const {
  return std::find(trial.kinds.begin(), trial.kinds.end(), kind) != trial.kinds.end();
}

Trial make_trial(std::uint64_t seed, bool damage) {
  Random random(seed);
  std::vector<Kind> kinds;
  if (damage) kinds = stack(random);
  for (int tries = 0;; ++tries) {
    if (tries % 30 == 29 && kinds.size() > 1) kinds.pop_back();
    Work work;
    work.trial.seed = seed;
    work.trial.kinds = kinds;
    std::sort(work.trial.kinds.begin(), work.trial.kinds.end());
    if (!make(work, random)) continue;
    work.trial.text = std::move(work.text);
    return std::move(work.trial);
  }
}

std::uint64_t seed_of(std::uint64_t seed, std::uint64_t index) {
  return Random(seed + index * 0x2545f4914f6cdd1dULL).next();
}

std::string name_of(const Trial& trial) {
  std::string name;
  for (const Kind kind : trial.kinds) (name += name.empty() ? "" : " + ") += row_of(kind).name;
  return name.empty() ? "undamaged" : name;
}

}  // namespace oe::surgeon
