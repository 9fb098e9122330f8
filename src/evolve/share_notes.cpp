#include <fmt/format.h>
#include <set>

#include "oe/evolve/proof.hpp"
#include "oe/evolve/share.hpp"
#include "oe/git/exchange.hpp"
#include "oe/git/trailers.hpp"

#include "evolve/shared_ref.hpp"

namespace oe::evolve {

namespace {

/// Empty when the commit is no proposal of oe.
std::string note_of(const git::Commit& commit) {
  const auto trailers = git::trailers(commit.message);
  const auto fingerprint = git::find_trailer(trailers, "Oe-Proposal");
  const auto effect = git::find_trailer(trailers, "Oe-Effect");
  if (!fingerprint || !effect) return {};
  return fmt::format("{}\n{}\n", *effect, evidence_ref({*fingerprint}));
}

}  // namespace

Result<void> note_commits(const EvolveContext& context, const std::vector<git::Oid>& commits) {
  if (commits.empty()) return {};
  OE_TRY(const std::vector<git::Oid> noted, git::noted_commits(context.place, kNotesRef));
  std::set<git::Oid> done(noted.begin(), noted.end());
  std::string notes;
  for (const git::Oid& id : commits) {
    if (!done.insert(id).second) continue;
    OE_TRY(const git::Commit commit, context.repository.commit(id));
    const std::string note = note_of(commit);
    if (!note.empty()) notes += fmt::format("N inline {}\ndata {}\n{}", id.text, note.size(), note);
  }
  if (notes.empty()) return {};
  OE_TRY(const auto tip, context.repository.ref(kNotesRef));
  return git::note_changes(context.repository, context.refs, {kNotesRef}, [&] {
    return git::import_stream(context.place, stream_head(context, kNotesRef, tip.has_value(), "oe: notes\n") + notes);
  });
}

}  // namespace oe::evolve
