#include "evolve/revert.hpp"

#include <fmt/core.h>

#include "oe/evolve/realised.hpp"
#include "oe/patch/patch.hpp"

#include "evolve/gate_words.hpp"
#include "evolve/patch_identity.hpp"
#include "evolve/reverse_diff.hpp"

namespace oe::evolve {

namespace {

tl::unexpected<Error> moved_on(const std::string& path, std::string_view how) {
  return fail(ErrorKind::failed, fmt::format("{} is not as the change left it: {}", path, how),
              "take it back by hand: git revert");
}

Result<git::FileChange> without_change(const git::Blob& now, const ReversedFile& file) {
  if (file.diff.empty()) {
    if (now.bytes != file.bytes) return moved_on(file.path, "somebody has worked on it");
    return git::FileChange{file.path, std::nullopt, now.mode};
  }
  const patch::Tree tree{.read = [&](const std::string& path) {
    return path == file.path ? std::optional(now.bytes) : std::nullopt;
  }};
  const auto found = patch::operate({.text = file.diff, .target = file.path}, tree);
  if (!found) return moved_on(file.path, found.error().message);
  if (found->files.size() != 1 || found->files.front().path != file.path) return moved_on(file.path, "it moved");
  return git::FileChange{file.path, found->files.front().after, now.mode};
}

}  // namespace

Result<Patch> render_revert(const git::Repository& repository, const Base& base, const Revert& revert) {
  Patch patch;
  for (const ReversedFile& file : reverse_diff(revert.diff)) {
    OE_TRY(const auto now, repository.read(base.commit, file.path));
    if (!now) return moved_on(file.path, "it is gone");
    OE_TRY(git::FileChange change, without_change(*now, file));
    patch.files.push_back(std::move(change));
  }
  return patch;
}

Result<void> check_revert(const git::Repository& repository, const Base& before, const Base& after,
                          const Revert& revert, const Patch& patch) {
  std::vector<std::string> touched;
  for (const git::FileChange& file : patch.files) touched.push_back(file.path);
  OE_TRY(const std::string turned, repository.diff(after.commit, before.commit, touched));
  if (patch_identity(turned) == patch_identity(revert.diff)) return {};
  return fail(ErrorKind::failed, "breaks its contract: what it takes back is not the change that was made");
}

Result<std::string> effect_of_revert(const PairsShown& trial, const Revert& revert) {
  const Promise promise{.metric = revert.metric, .gain = revert.promised};
  const Realised since = judge_promise(promise, revert.runs);
  if (since.fulfilment != Fulfilment::broken)
    return fail(ErrorKind::failed, fmt::format("the promise is not shown to be broken: {}", since.sentence));
  const GateRule& rule = trial.rule;
  for (std::size_t i = 0; i < trial.metrics.size(); ++i) {
    Tally tally(trial.metrics[i], rule.loss_limit);
    for (const Pair& pair : trial.pairs) tally.see(pair, pair.base[i], pair.candidate[i]);
    if (tally.worse().e_value() * rule.guard_alpha < 1) continue;
    const Comparison shown = tally.comparison();
    return fail(ErrorKind::failed,
                fmt::format("without the change {} speaks for worse ({})", before_and_after(tally.metric(), shown),
                            evidence_for_worse(shown, rule.guard_alpha)));
  }
  return fmt::format("{}; {} pairs of trials speak against nothing", since.sentence, trial.pairs.size());
}

}  // namespace oe::evolve
