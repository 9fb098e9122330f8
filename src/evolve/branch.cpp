#include <algorithm>
#include <fmt/core.h>
#include <set>

#include "oe/base/text.hpp"
#include "oe/evolve/judge.hpp"

#include "evolve/evidence_ref.hpp"
#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kLineWidth = 72;
constexpr std::size_t kLongestLine = 300;
constexpr std::size_t kMostNamedRuns = 10;

// What git itself tries for core.commentChar ("auto"): a line that starts with one is lost when the message is edited.
constexpr std::string_view kCommentSigns = "#;@!$%^&|:";

bool may_begin_a_line(const std::string& word) {
  return word.empty() || kCommentSigns.find(word.front()) == std::string_view::npos;
}

// One paragraph, whatever line breaks the text has: a trailer or a divider of its own would be read as ours.
std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::string word : split(one_line(text), ' ')) {
    if (word == "---") word = "--";  // a line that starts with it ends the message for git interpret-trailers
    if (out.empty() && !may_begin_a_line(word)) word.insert(0, "Why: ");
    const bool fits = column + 1 + word.size() <= kLineWidth || !may_begin_a_line(word);
    if (column != 0) out += fits ? " " : "\n";
    column = (column != 0 && fits ? column + 1 : 0) + word.size();
    out += word;
  }
  return out;
}

std::string run_trailers(const Finding& finding) {
  std::string trailers;
  for (const RunId& run : named_runs(finding)) trailers += "Oe-Run: " + run.text + "\n";
  return trailers;
}

}  // namespace

std::string branch_name(const Proposal& proposal, const Fingerprint& fingerprint) {
  return fmt::format("oe/{}/{}/{}", operation_name(proposal.operation), target_name(proposal.operation),
                     fingerprint.text.substr(0, 8));
}

std::string trailer_text(std::string_view text) {
  return one_line(text, kLongestLine);
}

std::vector<RunId> named_runs(const Finding& finding) {
  std::set<RunId> cited;
  for (const Citation& citation : finding.citations) cited.insert(citation.run);
  std::vector<RunId> newest(cited.rbegin(), cited.rend());  // ids sort by time
  newest.resize(std::min(newest.size(), kMostNamedRuns));
  return newest;
}

std::string commit_message(const Base& base, const Proposal& proposal, const Fingerprint& fingerprint,
                           const std::string& effect, const git::Oid& evidence) {
  std::string message = fmt::format("oe({}): {}\n\n{}\n\n", operation_name(proposal.operation),
                                    one_line(proposal.title, kLongestLine), wrapped(proposal.rationale));
  message += fmt::format("Oe-Proposal: {}\n", fingerprint.text);
  if (const auto* revert = std::get_if<Revert>(&proposal.operation))
    message += fmt::format("Oe-Reverts: {}\n", revert->proposal.text);
  message += run_trailers(proposal.finding);
  message += fmt::format("Oe-Base: {}\nOe-Confidence: {}\nOe-Effect: {}\n", base.commit.text,
                         to_string(proposal.confidence), trailer_text(effect));
  message += fmt::format("Oe-Evidence: {}\n", evidence.text);
  return message;
}

Result<git::CommitDraft> draft_proposal(const JudgeContext& context, const TrialBasis& basis, const Proposal& proposal,
                                        const Fingerprint& fingerprint, const ValidatedPatch& patch) {
  const Base& base = basis.base;
  OE_TRY(const Proof proof, proof_of(context, basis, proposal, fingerprint, patch));
  OE_TRY(const git::Oid evidence, write_evidence(context, proof));
  return git::CommitDraft{.tree = patch.checked().tree,
                          .parent = base.commit,
                          .message = commit_message(base, proposal, fingerprint, patch.effect(), evidence)};
}

}  // namespace oe::evolve
