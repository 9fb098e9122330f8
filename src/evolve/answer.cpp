#include "evolve/answer.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/box.hpp"
#include "oe/base/text.hpp"

#include "evolve/gauges.hpp"
#include "evolve/line.hpp"
#include "evolve/plain.hpp"
#include "evolve/read_operation.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

using ledger::Attempt;
using ledger::NodeState;

constexpr std::size_t kLongestTitle = 100;
constexpr std::size_t kLongestRationale = 2000;
constexpr std::size_t kLongestClaim = 240;

const RecordedRun* run_of(const Evidence& evidence, const RunId& id) {
  const auto found = std::ranges::find_if(evidence.runs, [&](const RecordedRun& run) { return run.state.id == id; });
  return found == evidence.runs.end() ? nullptr : &*found;
}

std::vector<Citation> citations_of(const Value& entry, const Evidence& evidence) {
  std::vector<Citation> citations;
  const Value list = entry.get("evidence");
  for (std::size_t i = 0; i < list.size() && citations.size() < kMostCitations; ++i) {
    const Value one(list.json()[i]);
    const Value event = one.get("event");
    const bool is_count = event.json().is_number_integer() && event.json() > 0;
    const Citation citation{{one.get("run").string_or("")}, is_count ? event.json().get<std::uint64_t>() : 0};
    const RecordedRun* run = run_of(evidence, citation.run);
    if (run != nullptr && citation.event > 0 && citation.event <= run->state.last_event) citations.push_back(citation);
  }
  if (citations.empty()) citations.push_back({evidence.runs.back().state.id, evidence.runs.back().state.last_event});
  return citations;
}

/// The failure that an event is about.
struct CitedFailure {
  NodeId node;
  const Attempt* attempt = nullptr;  ///< nullptr: the node as a whole
};

std::optional<CitedFailure> failure_at(const Evidence& evidence, const Citation& citation) {
  const RecordedRun* run = run_of(evidence, citation.run);
  if (run == nullptr) return std::nullopt;
  for (const auto& [id, node] : run->state.nodes) {
    for (const Attempt& attempt : node.attempts) {
      const bool is_meant = attempt.started == citation.event || attempt.ended == citation.event;
      if (is_meant && is_failure(attempt.outcome)) return CitedFailure{id, &attempt};
    }
    if (node.ended == citation.event && is_failure(node.outcome)) return CitedFailure{id, nullptr};
  }
  return std::nullopt;
}

std::optional<CitedFailure> first_failure(const Evidence& evidence, const std::vector<Citation>& citations) {
  for (const Citation& citation : citations) {
    if (auto failure = failure_at(evidence, citation)) return failure;
  }
  return std::nullopt;
}

// As the rules have it: the node succeeds, or, of a fan-out, fails on fewer items than it did.
Expectation cure_of(const Evidence& evidence, const Finding& finding) {
  for (auto run = evidence.runs.rbegin(); run != evidence.runs.rend(); ++run) {
    const auto is_cited = [&](const Citation& citation) { return citation.run == run->state.id; };
    const std::uint64_t failed = failed_items(run->state, finding.node);
    if (failed > 0 && std::ranges::any_of(finding.citations, is_cited))
      return {Expectation::Kind::fewer_failed_items, finding.node, failed};
  }
  return {Expectation::Kind::node_succeeds, finding.node, 0};
}

std::uint64_t items_in_newest(const Evidence& evidence, const Finding& finding, const NodeId& node) {
  for (auto run = evidence.runs.rbegin(); run != evidence.runs.rend(); ++run) {
    const auto is_cited = [&](const Citation& citation) { return citation.run == run->state.id; };
    const auto state = run->state.nodes.find(node);
    if (!std::ranges::any_of(finding.citations, is_cited)) continue;
    return state == run->state.nodes.end() ? 0 : state->second.items.value_or(0);
  }
  return 0;
}

// A case for an item that was seen to break the node must break it again; any other one must only do no harm.
Expectation expectation_of(AddDatasetCase& add, const Evidence& evidence, const Finding& finding,
                           const std::optional<CitedFailure>& failure) {
  const bool breaks = failure && failure->node == add.node && failure->attempt != nullptr && failure->attempt->item &&
                      *failure->attempt->item == add.item;
  if (!breaks) return {Expectation::Kind::no_worse, add.node, items_in_newest(evidence, finding, add.node)};
  add.error = first_line(failure->attempt->error);
  return {Expectation::Kind::case_reproduces, add.node, 0};
}

Expectation expectation_of(Operation& operation, const Evidence& evidence, const Finding& finding,
                           const std::optional<CitedFailure>& failure) {
  if (auto* add = std::get_if<AddDatasetCase>(&operation)) return expectation_of(*add, evidence, finding, failure);
  if (failure) return cure_of(evidence, finding);
  const auto* tune = std::get_if<TuneParam>(&operation);
  const NodeId node =
      tune != nullptr ? tune->set.node : NodeId{std::get<AddNode>(operation).insert.node.get("id").string_or("")};
  return {Expectation::Kind::no_worse, node, 0};
}

Confidence confidence_of(const Value& entry) {
  const std::string word = entry.get("confidence").string_or("");
  return word == "high" ? Confidence::high : word == "medium" ? Confidence::medium : Confidence::low;
}

Result<Proposal> proposal_of(const Value& entry, const AdvisorContext& context) {
  Proposal proposal;
  OE_TRY(proposal.operation, read_operation(entry, context));
  const std::string rationale = one_line(plain(entry.get("rationale").string_or("")), kLongestRationale);
  proposal.title = one_line(plain(entry.get("title").string_or("")), kLongestTitle);
  proposal.rationale = rationale;
  proposal.confidence = confidence_of(entry);
  proposal.finding = {
      std::string(kModelRule), {}, ellipsis(rationale, kLongestClaim), citations_of(entry, context.evidence)};
  const auto failure = first_failure(context.evidence, proposal.finding.citations);
  if (failure) proposal.finding.node = failure->node;
  proposal.expectation = expectation_of(proposal.operation, context.evidence, proposal.finding, failure);
  OE_CHECK(context.check(proposal));
  return proposal;
}

}  // namespace

ReadAnswer read_answer(const Value& answer, const AdvisorContext& context, std::size_t most) {
  ReadAnswer read;
  const Value list = answer.get("proposals");
  for (std::size_t i = 0; i < std::min(list.size(), most); ++i) {
    const Value entry(list.json()[i]);
    auto proposal = proposal_of(entry, context);
    if (proposal)
      read.usable.push_back(std::move(*proposal));
    else
      read.unusable.push_back(
          {one_line(plain(entry.get("title").string_or("")), kLongestTitle), proposal.error().to_string()});
  }
  return read;
}

}  // namespace oe::evolve
