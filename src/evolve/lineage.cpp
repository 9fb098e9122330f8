#include "oe/evolve/lineage.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <optional>
#include <set>

namespace oe::evolve {

namespace {

using ledger::ProposalRecord;
using Places = std::map<Fingerprint, std::size_t>;

std::optional<std::size_t> parent_in(const Places& places, const ProposalRecord& proposal) {
  const auto parent = places.find(proposal.made.parent);
  return parent == places.end() ? std::nullopt : std::optional(parent->second);
}

// Whoever made a proposal again on another ground may have closed a circle: its oldest member stands on its base.
bool opens_circle(const Places& places, const std::vector<ProposalRecord>& proposals, std::size_t start) {
  std::set<std::size_t> seen;
  auto at = parent_in(places, proposals[start]);
  while (at && seen.insert(*at).second) {
    if (*at == start) return start == *std::ranges::min_element(seen);
    at = parent_in(places, proposals[*at]);
  }
  return false;
}

Lineage::Root& root_of(Lineage& forest, const ProposalRecord& proposal) {
  const auto same = std::ranges::find_if(forest.roots, [&](const Lineage::Root& root) {
    return root.workflow == proposal.made.workflow && root.base == proposal.made.base;
  });
  if (same != forest.roots.end()) return *same;
  return forest.roots.emplace_back(Lineage::Root{proposal.made.workflow, proposal.made.base, {}});
}

void add_rows(const Lineage& forest, std::size_t position, std::size_t depth, std::vector<LineageRow>& out) {
  out.push_back({depth, position});
  for (const std::size_t child : forest.children[position]) add_rows(forest, child, depth + 1, out);
}

void add_descendants(const Lineage& forest, std::size_t position, std::set<std::size_t>& out) {
  out.insert(position);
  for (const std::size_t child : forest.children[position]) add_descendants(forest, child, out);
}

}  // namespace

Lineage lineage(std::vector<ProposalRecord> proposals) {
  Lineage forest{.proposals = std::move(proposals)};
  forest.children.resize(forest.proposals.size());
  Places places;
  for (std::size_t i = 0; i < forest.proposals.size(); ++i) places.emplace(forest.proposals[i].fingerprint, i);
  for (std::size_t i = 0; i < forest.proposals.size(); ++i) {
    const auto parent = parent_in(places, forest.proposals[i]);
    if (parent && !opens_circle(places, forest.proposals, i)) forest.children[*parent].push_back(i);
    else root_of(forest, forest.proposals[i]).proposals.push_back(i);
  }
  return forest;
}

Lineage around(const Lineage& all, const Fingerprint& proposal) {
  const auto found = std::ranges::find(all.proposals, proposal, &ProposalRecord::fingerprint);
  if (found == all.proposals.end()) return {};
  std::set<std::size_t> wanted;
  auto at = static_cast<std::size_t>(found - all.proposals.begin());
  add_descendants(all, at, wanted);
  for (bool has_parent = true; has_parent;) {
    const auto parent = std::ranges::find_if(
        all.children, [&](const std::vector<std::size_t>& children) { return std::ranges::count(children, at) > 0; });
    has_parent = parent != all.children.end();
    if (!has_parent) break;
    at = static_cast<std::size_t>(parent - all.children.begin());
    wanted.insert(at);
  }
  std::vector<ProposalRecord> kept;
  for (const std::size_t position : wanted) kept.push_back(all.proposals[position]);
  return lineage(std::move(kept));
}

std::vector<LineageRow> rows(const Lineage& forest) {
  std::vector<LineageRow> all;
  for (std::size_t i = 0; i < forest.roots.size(); ++i) {
    all.push_back({0, i});
    for (const std::size_t position : forest.roots[i].proposals) add_rows(forest, position, 1, all);
  }
  return all;
}

std::string outcome_text(const ledger::ContestOutcome& outcome) {
  if (outcome.verdict.empty()) return {};
  const auto counted = [](std::uint64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
  };
  const std::string of = outcome.metric.empty() ? "" : " of " + outcome.metric;
  return fmt::format("{} ({}, {}, {}{})", outcome.verdict, counted(outcome.pairs, "pair", "pairs"),
                     counted(outcome.wins, "win", "wins"), counted(outcome.losses, "loss", "losses"), of);
}

}  // namespace oe::evolve
