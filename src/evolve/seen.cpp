#include "evolve/seen.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/core.h>
#include <map>
#include <set>

#include "oe/base/text.hpp"

namespace oe::evolve {

namespace {

void collect_nodes(const graph::Graph& graph, std::vector<const graph::Node*>& all) {
  for (const graph::Node& node : graph.nodes) {
    all.push_back(&node);
    const graph::Graph* body = graph::body(node);
    if (body != nullptr && !std::holds_alternative<graph::Subgraph>(node.work)) collect_nodes(*body, all);
  }
}

bool ended_by_itself(const ledger::Attempt& attempt) {
  return attempt.outcome == ledger::Outcome::succeeded || attempt.outcome == ledger::Outcome::failed ||
         attempt.outcome == ledger::Outcome::timed_out;
}

// Where an attempt stands: the item of a pipeline or round of a loop, and the item of a for_each.
using Place = std::pair<std::vector<std::uint64_t>, std::optional<std::uint64_t>>;

std::string in_lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// The number by itself, not as a part of another one.
bool has_status_429(std::string_view text) {
  const auto is_digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  for (std::size_t at = text.find("429"); at != std::string_view::npos; at = text.find("429", at + 1)) {
    if ((at == 0 || !is_digit(at - 1)) && !is_digit(at + 3)) return true;
  }
  return false;
}

bool is_counted_item(const ledger::Attempt* attempt) {
  return attempt->index && attempt->scope.empty();
}

}  // namespace

std::vector<const graph::Node*> all_nodes(const graph::Graph& graph) {
  std::vector<const graph::Node*> all;
  collect_nodes(graph, all);
  return all;
}

const graph::Node* find_anywhere(const graph::Graph& graph, const NodeId& id) {
  const auto all = all_nodes(graph);
  const auto found = std::ranges::find_if(all, [&](const graph::Node* node) { return node->id == id; });
  return found == all.end() ? nullptr : *found;
}

std::vector<Sighting> sightings(const Evidence& evidence, const graph::Node& node) {
  std::vector<Sighting> found;
  for (std::size_t position = 0; position < evidence.runs.size(); ++position) {
    const RecordedRun& run = evidence.runs[position];
    const graph::Node* then = find_anywhere(run.graph, node.id);
    const auto state = run.state.nodes.find(node.id);
    if (then == nullptr || !(*then == node) || state == run.state.nodes.end()) continue;
    if (!state->second.attempts.empty()) found.push_back({position, &run, &state->second});
  }
  return found;
}

std::vector<Sighting> without_tolerated(std::vector<Sighting> sightings) {
  std::erase_if(sightings, [](const Sighting& sighting) {
    return sighting.node->outcome == ledger::Outcome::succeeded && !unhealed(*sighting.node).empty();
  });
  return sightings;
}

std::vector<Seen> attempts(std::span<const Sighting> sightings) {
  std::vector<Seen> all;
  for (const Sighting& sighting : sightings) {
    for (const ledger::Attempt& attempt : sighting.node->attempts) {
      if (ended_by_itself(attempt)) all.push_back({sighting, &attempt});
    }
  }
  return all;
}

std::vector<Seen> attempts_ended_as(std::span<const Sighting> sightings, ledger::Outcome outcome) {
  std::vector<Seen> all = attempts(sightings);
  std::erase_if(all, [&](const Seen& seen) { return !seen.ended_as(outcome); });
  return all;
}

std::vector<Tries> tries(const Sighting& sighting) {
  std::map<Place, Tries> by_place;
  for (const Seen& seen : attempts(std::span(&sighting, 1)))
    by_place[{seen.attempt->scope, seen.attempt->index}].push_back(seen);
  std::vector<Tries> all;
  for (auto& [place, own] : by_place) all.push_back(std::move(own));
  return all;
}

std::vector<const ledger::Attempt*> unhealed(const ledger::NodeState& node) {
  std::map<Place, const ledger::Attempt*> last;
  for (const ledger::Attempt& attempt : node.attempts) last[{attempt.scope, attempt.index}] = &attempt;
  std::vector<const ledger::Attempt*> failures;
  for (const auto& [place, attempt] : last)
    if (is_failure(attempt->outcome)) failures.push_back(attempt);
  return failures;
}

std::chrono::microseconds wall_of(const Sighting& sighting) {
  const ledger::NodeState& node = *sighting.node;
  const bool ended = node.ready != 0 && node.ended != 0;
  return ended ? std::chrono::duration_cast<std::chrono::microseconds>(node.ended_at - node.ready_at)
               : std::chrono::microseconds::max();
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
    if (!std::all_of(failures.begin(), failures.end(), is_counted_item)) break;
    return {Expectation::Kind::fewer_failed_items, node, failures.size()};
  }
  return {Expectation::Kind::node_succeeds, node, 0};
}

bool was_rate_limited(const ledger::Attempt& attempt) {
  if (attempt.outcome != ledger::Outcome::failed) return false;
  const std::string said = in_lower_case(attempt.error + "\n" + attempt.facts.output);
  constexpr std::array<std::string_view, 5> words = {"rate limit", "rate-limit", "rate_limit", "throttl",
                                                     "too many requests"};
  return has_status_429(said) ||
         std::ranges::any_of(words, [&](std::string_view word) { return said.find(word) != std::string::npos; });
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
