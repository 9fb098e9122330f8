#include <fmt/core.h>
#include <set>

#include "oe/base/text.hpp"
#include "oe/evolve/judge.hpp"

#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kLineWidth = 72;
constexpr std::size_t kLongestLine = 300;
constexpr std::size_t kMostRunTrailers = 10;

// One paragraph, whatever line breaks the text has: a trailer or a divider of its own would be read as ours.
std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::string word : split(one_line(text), ' ')) {
    if (word == "---") word = "--";  // a line that starts with it ends the message for git interpret-trailers
    const bool fits = column + 1 + word.size() <= kLineWidth;
    if (column != 0) out += fits ? " " : "\n";
    column = (column != 0 && fits ? column + 1 : 0) + word.size();
    out += word;
  }
  return out;
}

std::string run_trailers(const Finding& finding) {
  std::set<RunId> runs;
  for (const Citation& citation : finding.citations) runs.insert(citation.run);
  std::string trailers;
  std::size_t count = 0;
  for (auto run = runs.rbegin(); run != runs.rend() && count < kMostRunTrailers; ++run, ++count) {
    trailers += "Oe-Run: " + run->text + "\n";
  }
  return trailers;
}

}  // namespace

std::string branch_name(const Proposal& proposal, const Fingerprint& fingerprint) {
  return fmt::format("oe/{}/{}/{}", operation_name(proposal.operation), target_name(proposal.operation),
                     fingerprint.text.substr(0, 8));
}

std::string commit_message(const Base& base, const Proposal& proposal, const Fingerprint& fingerprint,
                           const std::string& effect) {
  std::string message = fmt::format("oe({}): {}\n\n{}\n\n", operation_name(proposal.operation),
                                    one_line(proposal.title, kLongestLine), wrapped(proposal.rationale));
  message += fmt::format("Oe-Proposal: {}\n", fingerprint.text);
  message += run_trailers(proposal.finding);
  message += fmt::format("Oe-Base: {}\nOe-Confidence: {}\nOe-Effect: {}\n", base.commit.text,
                         to_string(proposal.confidence), one_line(effect, kLongestLine));
  return message;
}

Result<git::Oid> write_proposal_commit(const JudgeContext& context, const Base& base, const Proposal& proposal,
                                       const Fingerprint& fingerprint, const ValidatedPatch& patch) {
  const std::string message = commit_message(base, proposal, fingerprint, patch.effect());
  return context.repository.write_commit(patch.checked().tree, {base.commit}, message, context.identity,
                                         context.clock.now());
}

}  // namespace oe::evolve
