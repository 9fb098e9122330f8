#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/evolve/realised.hpp"
#include "oe/git/program.hpp"
#include "oe/git/trailers.hpp"

#include "evolve/file_versions.hpp"
#include "evolve/realised_runs.hpp"

namespace oe::evolve {

namespace {

using ledger::ProposalRecord;

/// Of each side; what is older says less about now.
constexpr std::size_t kMostSide = 64;

Result<std::vector<std::string>> rev_list(const git::Place& place, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "rev-list");
  OE_TRY(const git::GitAnswer answer, git::run_git({.directory = place.root, .arguments = std::move(arguments)}));
  std::vector<std::string> ids;
  if (answer.code != 0) return ids;  // a commit that is not here any more
  for (std::string& line : split(answer.out, '\n'))
    if (!line.empty()) ids.push_back(std::move(line));
  return ids;
}

/// Follows accepted proposals into the history of HEAD.
class Watch {
 public:
  explicit Watch(const HistoryContext& context) : context_(context), head_(*context.place.head) {}

  Result<std::vector<AfterMerge>> look() {
    std::vector<AfterMerge> all;
    OE_TRY(auto records, context_.ledger.proposals());
    std::erase_if(records, [](const ProposalRecord& one) { return one.status != ledger::ProposalStatus::accepted; });
    if (records.empty()) return all;
    OE_TRY(rows_, context_.ledger.runs());
    OE_TRY(const auto line, rev_list(context_.place, {"--first-parent", head_.text}));
    for (std::size_t i = 0; i < line.size(); ++i) positions_.emplace(line[i], i);
    for (const ProposalRecord& record : records) {
      AfterMerge one{.record = record};
      OE_TRY(one.gap, follow(one));
      all.push_back(std::move(one));
    }
    return all;
  }

 private:
  /// Gives why nothing can be said; empty: it has been said.
  Result<std::string> follow(AfterMerge& one) {
    OE_TRY(const auto proof, proof_of_record(one.record));
    if (proof) one.promise = promise_of(*proof), one.expectation = proof->expectation;
    OE_TRY(one.commit, commit_on_line(one.record.commit));
    if (!proof) return std::string("its proof is not in this clone: oe sync fetch");
    if (!one.promise) return std::string("it promised no gain");
    if (one.commit.empty()) return std::string("the history of HEAD does not have it");
    OE_TRY(const auto sides, sides_of(one));
    if (!sides) return std::string("its commit does not change the workflow file");
    const auto& [before, after] = *sides;
    if (before.empty()) return std::string("nothing was run before it");
    if (after.empty()) return std::string("nothing was run since");
    OE_CHECK(compare(one, before, after));
    return std::string();
  }

  // The version that its commit names, else the newest.
  Result<std::optional<Proof>> proof_of_record(const ProposalRecord& record) {
    std::vector<std::string> names = {evidence_ref(record.fingerprint) + ":" + kProofFile};
    OE_TRY(const git::GitAnswer message, git::run_git({.directory = context_.place.root,
                                                       .arguments = {"log", "-1", "--format=%B", record.commit}}));
    const auto tree = git::find_trailer(git::trailers(message.out), "Oe-Evidence");
    if (message.code == 0 && tree) names.insert(names.begin(), *tree + ":" + kProofFile);
    OE_TRY(const auto blobs, read_blobs(context_.place, names));
    for (const auto& blob : blobs) {
      if (!blob) continue;
      auto proof = parse_proof(*blob);
      if (proof && proof->fingerprint == record.fingerprint) return std::optional(std::move(*proof));
    }
    return std::optional<Proof>();
  }

  // Itself, or the merge that brought it.
  Result<git::Oid> commit_on_line(const std::string& commit) {
    if (positions_.contains(commit)) return git::Oid{commit};
    OE_TRY(const auto descendants, rev_list(context_.place, {"--ancestry-path", commit + ".." + head_.text}));
    std::optional<std::size_t> oldest;
    git::Oid found;
    for (const std::string& id : descendants) {
      const auto position = positions_.find(id);
      if (position == positions_.end() || (oldest && position->second < *oldest)) continue;
      oldest = position->second;
      found.text = id;
    }
    return found;
  }

  Result<const std::vector<FileVersion>*> versions_of(const std::string& workflow) {
    auto found = versions_.find(workflow);
    if (found == versions_.end()) {
      OE_TRY(auto versions, file_versions(context_.place, head_, workflow, Line::first_parent));
      found = versions_.emplace(workflow, std::move(versions)).first;
    }
    return &found->second;
  }

  using Sides = std::pair<std::vector<RunId>, std::vector<RunId>>;
  // Several changes may have come before anything was run.
  Result<std::optional<Sides>> sides_of(AfterMerge& one) {
    const std::string& workflow = one.record.made.workflow;
    OE_TRY(const std::vector<FileVersion>* versions, versions_of(workflow));
    const auto own = std::ranges::find(*versions, one.commit, &FileVersion::commit);
    if (own == versions->end()) return std::optional<Sides>();
    Sides sides;
    for (auto old = own + 1; old != versions->end(); ++old) {
      sides.first = runs_of_content(rows_, workflow, old->sha256);
      if (!sides.first.empty()) break;
      ++one.together;
    }
    for (auto later = own + 1; later != versions->begin();) {
      sides.second = runs_of_content(rows_, workflow, (--later)->sha256);
      if (!sides.second.empty()) break;
      ++one.together;
    }
    return std::optional(std::move(sides));
  }

  // The runs nearest to the merge come first; a file that they run and that changes ends a side.
  static Result<std::vector<OneMeasure>> read_side(MetricReader& reader, const std::vector<RunId>& runs) {
    std::vector<OneMeasure> side;
    for (const RunId& run : runs) {
      if (side.size() == kMostSide) break;
      OE_TRY(OneMeasure measure, reader.read(run));
      if (side.empty() || side.front().content == measure.content) side.push_back(std::move(measure));
    }
    return side;
  }

  Result<void> compare(AfterMerge& one, const std::vector<RunId>& before, std::vector<RunId> after) {
    MetricReader reader(context_.ledger, *one.expectation, one.promise->metric.name);
    std::ranges::reverse(after);
    OE_TRY(const auto old_side, read_side(reader, before));
    OE_TRY(const auto new_side, read_side(reader, after));
    Matched matched = match(old_side, new_side);
    one.pairs = std::move(matched.pairs);
    one.runs = std::move(matched.runs);
    one.realised = judge_promise(*one.promise, one.pairs);
    return {};
  }

  const HistoryContext& context_;
  git::Oid head_;
  std::vector<ledger::RunRow> rows_;  ///< newest first
  std::map<std::string, std::size_t> positions_;
  std::map<std::string, std::vector<FileVersion>> versions_;
};

}  // namespace

Result<std::vector<AfterMerge>> after_merges(const HistoryContext& context) {
  if (!context.place.head) return std::vector<AfterMerge>();
  return Watch(context).look();
}

}  // namespace oe::evolve
