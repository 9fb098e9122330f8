#include "evolve/prompt.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "evolve/line.hpp"
#include "evolve/plain.hpp"

namespace oe::evolve {

namespace {

using ledger::ProposalRecord;
using ledger::ProposalStatus;

constexpr std::size_t kBytesPerToken = 3;
constexpr std::size_t kMostChangeBytes = 1200;

bool is_decided(const ProposalRecord& record) {
  return record.status == ProposalStatus::accepted || record.status == ProposalStatus::rejected;
}

std::string verdict(const ProposalRecord& record) {
  switch (record.status) {
    case ProposalStatus::rejected:
      return "REJECTED by a human, because: " + record.reason;
    case ProposalStatus::accepted:
      return "accepted: it is part of the workflow. Its trial showed: " + record.effect;
    case ProposalStatus::unproven:
      return "its trial did not show what it promised: " + record.reason;
    case ProposalStatus::made:
    case ProposalStatus::proven:
    case ProposalStatus::open:
      break;
  }
  return "waits for review. Its trial showed: " + record.effect;
}

std::string earlier_text(const ProposalRecord& record) {
  const std::string text =
      fmt::format("{} {}: {}\nverdict: {}\nchange: {}\n", record.made.operation, record.made.target,
                  one_line(record.made.title), verdict(record), ellipsis(record.made.change.dump(), kMostChangeBytes));
  return fenced(text, "earlier proposal");
}

}  // namespace

Section source_section(const Base& base) {
  Section section{.title = "The workflow, " + base.workflow + ", with line numbers",
                  .unit = "lines",
                  .rank = 0,
                  .share = 0.35,
                  .is_data = true};
  const std::vector<std::string> lines = split(base.reading.document.text(), '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i + 1 == lines.size() && lines[i].empty()) break;
    section.pieces.push_back(fmt::format("{:>4}  {}\n", i + 1, lines[i]));
  }
  return section;
}

Section earlier_section(const AdvisorContext& context) {
  Section section{.title = "Earlier proposals. Do not propose again what was rejected or is there",
                  .unit = "proposals",
                  .rank = 2,
                  .share = 0.12};
  const Timestamp newest = context.evidence.runs.back().state.last_at;
  std::vector<const ProposalRecord*> told;
  for (const ProposalRecord& record : context.earlier) {
    if (is_decided(record) || record.made_at < newest) told.push_back(&record);
  }
  const auto is_rejected = [](const ProposalRecord* record) { return record->status == ProposalStatus::rejected; };
  std::ranges::stable_partition(told, is_rejected);
  for (const ProposalRecord* record : told) section.pieces.push_back(earlier_text(*record));
  return section;
}

Section ideas_section(const AdvisorContext& context) {
  Section section{.title = "Ideas of this search. Do not propose any of them again, in other words either: find another",
                  .unit = "ideas",
                  .rank = 2,
                  .share = 0.12};
  for (const Idea& idea : context.ideas) {
    const Operation& operation = idea.proposal.operation;
    const std::string text = fmt::format("{} {}: {}\n{}\nchange: {}\n", operation_name(operation), target_name(operation),
                                         one_line(idea.proposal.title), one_line(idea.fate),
                                         ellipsis(to_value(operation).dump(), kMostChangeBytes));
    section.pieces.push_back(fenced(text, "idea"));
  }
  return section;
}

Prompt build_prompt(const AdvisorContext& context, std::size_t tokens) {
  const Evidence& evidence = context.evidence;
  return {.system = task_text(),
          .user = fitted({source_section(context.base), graph_section(evidence.graph), failures_section(evidence),
                          runs_section(evidence), statistics_section(evidence), state_section(evidence),
                          files_section(context), datasets_section(context), earlier_section(context), ideas_section(context)},
                         tokens * kBytesPerToken),
          .schema = answer_schema()};
}

}  // namespace oe::evolve
