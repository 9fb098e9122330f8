#include <fmt/core.h>

#include "oe/evolve/evolve.hpp"

#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

std::string heading(const EvolveReport& report) {
  if (report.runs.size() == 1) return fmt::format("# Evolution Proposals for run `{}`\n\n", report.runs.front().text);
  std::string text = fmt::format("# Cross-Run Evolution Proposals ({} runs)\n\nRuns analyzed: ", report.runs.size());
  for (const RunId& run : report.runs)
    text += fmt::format("{}`{}`", &run == &report.runs.front() ? "" : ", ", run.text);
  return text + "\n\n";
}

// Not to be taken for a fence: awk looks for those at the start of a line.
std::string paragraph(const std::string& text) {
  const std::string line = one_line(text);
  return line.starts_with("```") ? "\\" + line : line;
}

std::string section(std::size_t number, const Judged& judged, const std::string& diff) {
  const Proposal& proposal = judged.proposal;
  return fmt::format("## {}. {} _({}, confidence: {})_\n\n{}\n\nTrial: {}. Branch: `{}`.\n\n```diff\n{}```\n\n", number,
                     one_line(proposal.title), operation_name(proposal.operation), to_string(proposal.confidence),
                     paragraph(proposal.rationale), one_line(judged.effect), judged.branch, diff);
}

// What was proposed and got no branch, and why; lines that no diff begins with.
std::string without_branch(const EvolveReport& report) {
  std::string text;
  for (const Judged& judged : report.proposals)
    if (judged.fate != Judged::Fate::committed && !judged.reason.empty())
      text += fmt::format("- {} _({})_: {}\n", one_line(judged.proposal.title), operation_name(judged.proposal.operation),
                          one_line(judged.reason));
  for (const std::string& note : report.notes) text += fmt::format("- {}\n", one_line(note));
  return text.empty() ? text : "## Without a branch\n\n" + text;
}

std::string search_section(const SearchReport& search) {
  std::string text = fmt::format(
      "## Search\n\n{} proposals in {} generations, beside {} without evolution. {}.\n", search.shared + search.evolved,
      search.generations, search.shared + search.repeated, one_line(search.comparison));
  if (!search.verdict.empty())
    text += fmt::format("\n- evolution beside the base: {}\n- baseline beside the base: {}\n",
                        one_line(search.evolution.beside_base), one_line(search.baseline.beside_base));
  return text + "\n";
}

}  // namespace

std::string markdown_name(const std::vector<RunId>& runs) {
  if (runs.size() == 1) return runs.front().text + ".md";
  return fmt::format("cross-run-{}runs-{}.md", runs.size(), runs.front().text);
}

std::string to_markdown(const EvolveReport& report, const std::vector<std::optional<std::string>>& stacked) {
  std::string text = heading(report);
  text +=
      "> Made by `oe evolve` from recorded runs; each proposal was proven in a worktree and is on a branch of its "
      "own.\n"
      "> Nothing is applied until you accept it: `oe accept ID`, or `git apply` the diffs below, in order.\n\n";
  std::size_t number = 0;
  for (std::size_t i = 0; i < report.proposals.size(); ++i) {
    if (stacked[i]) text += section(++number, report.proposals[i], *stacked[i]);
  }
  if (number == 0) text += "_No proposals: the runs support no change._\n";
  if (report.search) text += search_section(*report.search);
  if (!report.ended_by.empty()) text += fmt::format("Ended by {}.\n\n", one_line(report.ended_by));
  return text + without_branch(report);
}

}  // namespace oe::evolve
