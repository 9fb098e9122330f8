#include "evolve/seen.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <map>
#include <set>

#include "oe/base/text.hpp"

namespace oe::evolve {

std::vector<Sighting> sightings(const Evidence& evidence, const graph::Node& node) {
  std::vector<Sighting> found;
  for (std::size_t position = 0; position < evidence.runs.size(); ++position) {
    const RecordedRun& run = evidence.runs[position];
    const graph::Node* then = graph::find(run.graph, node.id);
    const auto state = run.state.nodes.find(node.id);
    if (then == nullptr || !(*then == node) || state == run.state.nodes.end()) continue;
    if (!state->second.attempts.empty()) found.push_back({position, &run, &state->second});
  }
  return found;
}

std::vector<Seen> attempts(std::span<const Sighting> sightings) {
  std::vector<Seen> all;
  for (const Sighting& sighting : sightings) {
    for (const ledger::Attempt& attempt : sighting.node->attempts) {
      const bool by_itself = attempt.outcome == ledger::Outcome::succeeded ||
                             attempt.outcome == ledger::Outcome::failed ||
                             attempt.outcome == ledger::Outcome::timed_out;
      if (by_itself) all.push_back({sighting, &attempt});
    }
  }
  return all;
}

std::vector<Seen> attempts_ended_as(std::span<const Sighting> sightings, ledger::Outcome outcome) {
  std::vector<Seen> all = attempts(sightings);
  std::erase_if(all, [&](const Seen& seen) { return !seen.ended_as(outcome); });
  return all;
}

std::vector<const ledger::Attempt*> unhealed(const ledger::NodeState& node) {
  std::map<std::optional<std::uint64_t>, const ledger::Attempt*> last;
  for (const ledger::Attempt& attempt : node.attempts) last[attempt.index] = &attempt;
  std::vector<const ledger::Attempt*> failures;
  for (const auto& [index, attempt] : last) {
    const bool failed = attempt->outcome == ledger::Outcome::failed || attempt->outcome == ledger::Outcome::timed_out;
    if (failed) failures.push_back(attempt);
  }
  return failures;
}

Citation cite(const Seen& seen) {
  return {seen.in.run->state.id, seen.attempt->ended};
}

std::vector<Citation> cite(std::span<const Seen> seen) {
  std::vector<Citation> citations;
  for (const Seen& one : seen.first(std::min(seen.size(), kMostCitations))) citations.push_back(cite(one));
  return citations;
}

std::size_t count_runs(std::span<const Seen> seen) {
  std::set<std::size_t> positions;
  for (const Seen& one : seen) positions.insert(one.in.position);
  return positions.size();
}

Expectation expect_cure(const NodeId& node, std::span<const Sighting> sightings,
                        const std::function<bool(const ledger::Attempt&)>& cured) {
  const auto is_cured = [&](const ledger::Attempt* attempt) { return cured(*attempt); };
  for (auto newest = sightings.rbegin(); newest != sightings.rend(); ++newest) {
    const std::vector<const ledger::Attempt*> failures = unhealed(*newest->node);
    if (std::none_of(failures.begin(), failures.end(), is_cured)) continue;
    if (std::all_of(failures.begin(), failures.end(), is_cured)) break;
    return {Expectation::Kind::fewer_failed_items, node, failures.size()};
  }
  return {Expectation::Kind::node_succeeds, node, 0};
}

std::string without_folders(std::string_view text) {
  constexpr std::string_view before_path = " \t\n(['\"`=,<", after_path = " \t\n)]'\"`,>";
  std::string shorter;
  for (std::size_t at = 0; at < text.size();) {
    const bool may_start = text[at] == '/' && (at == 0 || before_path.find(text[at - 1]) != std::string_view::npos);
    const std::string_view path = may_start ? text.substr(at, text.find_first_of(after_path, at) - at) : "";
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const bool is_file = name.find('.') != std::string_view::npos;
    shorter += is_file ? name : text.substr(at, 1);
    at += is_file ? path.size() : 1;
  }
  return shorter;
}

std::string first_line(std::string_view error) {
  std::string line = without_folders(trim(trim(error).substr(0, trim(error).find('\n'))));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    if (c == '`') c = '\'';
  }
  return ellipsis(line, 160);
}

std::string count_of(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

int percent(std::chrono::microseconds part, std::chrono::microseconds whole) {
  if (whole.count() <= 0) return 0;
  return static_cast<int>(std::lround(100.0 * static_cast<double>(part.count()) / static_cast<double>(whole.count())));
}

}  // namespace oe::evolve
