#include <fmt/core.h>

#include "oe/evolve/lineage.hpp"

#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kLongestLabel = 60;

// A quoted string of DOT knows one escape of its own, \"; labels read the others, so a backslash is doubled, too.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string label_line(std::string_view text) {
  return escaped(one_line(text, kLongestLabel));
}

std::string root_id(std::size_t position) {
  return fmt::format("base {}", position);
}

std::string_view style_of(ledger::ProposalStatus status) {
  using enum ledger::ProposalStatus;
  if (status == accepted) return "filled";
  return status == open || status == proven ? "solid" : "dashed";
}

std::string node_of(const ledger::ProposalRecord& proposal) {
  const std::string shown = outcome_text(proposal.outcome);
  const std::string_view result = shown.empty() ? std::string_view(proposal.effect) : std::string_view(shown);
  std::string label = label_line(proposal.made.title);
  if (!result.empty()) label += "\\n" + label_line(result);
  label += fmt::format("\\n{} {}", proposal.fingerprint.text.substr(0, 8), to_string(proposal.status));
  return fmt::format("  \"{}\" [label=\"{}\", style=\"{}\"];\n", escaped(proposal.fingerprint.text), label,
                     style_of(proposal.status));
}

std::string edge(std::string_view from, const ledger::ProposalRecord& to) {
  const std::string label = to.made.generation > 1 ? fmt::format(" [label=\"generation {}\"]", to.made.generation) : "";
  return fmt::format("  \"{}\" -> \"{}\"{};\n", escaped(from), escaped(to.fingerprint.text), label);
}

}  // namespace

std::string to_dot(const Lineage& forest) {
  std::string text = "digraph lineage {\n  rankdir=\"LR\";\n  node [shape=\"box\"];\n";
  for (std::size_t i = 0; i < forest.roots.size(); ++i) {
    const Lineage::Root& root = forest.roots[i];
    text += fmt::format("  \"{}\" [label=\"{}\\n{}\", shape=\"note\"];\n", root_id(i), label_line(root.workflow),
                        label_line(root.base.substr(0, 12)));
    for (const std::size_t position : root.proposals) text += edge(root_id(i), forest.proposals[position]);
  }
  for (std::size_t i = 0; i < forest.proposals.size(); ++i) {
    text += node_of(forest.proposals[i]);
    for (const std::size_t child : forest.children[i])
      text += edge(forest.proposals[i].fingerprint.text, forest.proposals[child]);
  }
  return text + "}";
}

}  // namespace oe::evolve
