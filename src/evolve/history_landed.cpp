#include <algorithm>

#include "oe/base/text.hpp"
#include "oe/evolve/history.hpp"
#include "oe/git/trailers.hpp"

namespace oe::evolve {

namespace {

using ledger::ProposalRecord;

constexpr std::string_view kProposalLine = "Oe-Proposal: ";

// Squash merges of forges put the messages of the commits into theirs, some indented.
std::vector<std::string> named_in(const std::string& message) {
  std::vector<std::string> names;
  for (const std::string& line : split(message, '\n')) {
    const std::string_view text = trim(line);
    if (!text.starts_with(kProposalLine)) continue;
    const std::string name(trim(text.substr(kProposalLine.size())));
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

bool is_own_commit(const PastCommit& commit, const std::vector<git::Trailer>& trailers, const ProposalRecord* record) {
  if (record != nullptr && std::ranges::find(record->commits, commit.id.text) != record->commits.end()) return true;
  const auto base = git::find_trailer(trailers, "Oe-Base");
  return commit.parents.size() == 1 && base == commit.parents.front().text;
}

Landing landing_of(const PastCommit& commit, const std::string& name, const ProposalRecord* record) {
  const std::vector<git::Trailer> trailers = git::trailers(commit.message);
  const bool is_alone = git::find_trailer(trailers, "Oe-Proposal") == name && commit.subject.starts_with("oe(");
  if (commit.parents.size() > 1) return Landing::merged;
  if (!is_alone) return Landing::squashed;
  if (is_own_commit(commit, trailers, record)) return Landing::merged;
  const bool is_picked = commit.message.find("(cherry picked from commit ") != std::string::npos;
  return is_picked ? Landing::picked : Landing::rebased;
}

// "oe(tune-param): a title" -> "a title"
std::string title_in(const std::string& subject) {
  const std::size_t colon = subject.find("): ");
  return subject.starts_with("oe(") && colon != std::string::npos ? subject.substr(colon + 3) : subject;
}

LandedProposal landed(const PastCommit& commit, const std::string& name, Landing landing,
                      const ProposalRecord* record) {
  LandedProposal proposal{.fingerprint = {name}, .landing = landing};
  if (record != nullptr) {
    proposal.title = record->made.title;
    proposal.workflow = record->made.workflow;
    proposal.confidence = record->made.confidence;
    proposal.promise = record->effect;
    return proposal;
  }
  const std::vector<git::Trailer> trailers = git::trailers(commit.message);
  proposal.title = title_in(commit.subject);
  if (landing == Landing::squashed) return proposal;  // trailers may be those of another one
  proposal.confidence = git::find_trailer(trailers, "Oe-Confidence").value_or("");
  proposal.promise = git::find_trailer(trailers, "Oe-Effect").value_or("");
  return proposal;
}

}  // namespace

std::string_view to_string(Landing landing) {
  switch (landing) {
    case Landing::merged:
      return "merged";
    case Landing::rebased:
      return "rebased";
    case Landing::picked:
      return "picked";
    case Landing::squashed:
      return "squashed";
  }
  return "merged";
}

Landings::Landings(std::vector<ProposalRecord> records) : records_(std::move(records)) {}

const ProposalRecord* Landings::record_of(const std::string& fingerprint) const {
  const auto record = std::ranges::find(records_, Fingerprint{fingerprint}, &ProposalRecord::fingerprint);
  return record == records_.end() || record->made.title.empty() ? nullptr : &*record;
}

std::vector<LandedProposal> Landings::of(const PastCommit& commit) {
  std::vector<LandedProposal> found;
  const auto tell = [&](const std::string& name, Landing landing) {
    if (std::ranges::find(told_, name) != told_.end()) return;
    told_.push_back(name);
    found.push_back(landed(commit, name, landing, record_of(name)));
  };
  for (const std::string& name : named_in(commit.message)) tell(name, landing_of(commit, name, record_of(name)));
  for (const ProposalRecord& record : records_) {
    const bool is_here = record.status == ledger::ProposalStatus::accepted && record.commit == commit.id.text;
    if (is_here) tell(record.fingerprint.text, commit.parents.size() > 1 ? Landing::merged : Landing::picked);
  }
  return found;
}

}  // namespace oe::evolve
