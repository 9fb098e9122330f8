#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/base/text.hpp"

#include "evolve/plain.hpp"
#include "evolve/prompt.hpp"
#include "evolve/seen.hpp"
#include "evolve/signature.hpp"

namespace oe::evolve {

namespace {

using ledger::Attempt;
using ledger::NodeState;
using ledger::Outcome;
using std::chrono::microseconds;

constexpr std::size_t kMostErrorBytes = 2000;
constexpr std::size_t kMostItemBytes = 2000;
constexpr std::size_t kMostOutputBytes = 3000;
constexpr std::size_t kMostFieldBytes = 12'000;
constexpr std::size_t kMostArgsBytes = 400;

// ---- failures

/// An attempt that failed, or (without one) a node that did before anything of it began.
struct Failure {
  const RecordedRun* run = nullptr;
  const NodeState* node = nullptr;
  const Attempt* attempt = nullptr;
  const std::string& error() const { return attempt == nullptr ? node->error : attempt->error; }
};

std::string name_of(const Failure& failure) {
  const bool is_item = failure.attempt != nullptr && failure.attempt->index;
  return failure.node->id.text + (is_item ? fmt::format(", item {}", *failure.attempt->index) : "");
}

// What became of the same work afterwards.
std::string sequel(const Failure& failure) {
  const auto is_later = [&](const Attempt& other) {
    return other.index == failure.attempt->index && other.scope == failure.attempt->scope &&
           other.started > failure.attempt->ended;
  };
  const auto next = std::ranges::find_if(failure.node->attempts, is_later);
  if (next == failure.node->attempts.end()) return "not tried again";
  return fmt::format("tried again: {}", next->outcome ? to_string(*next->outcome) : "still running");
}

std::string head_of(const Failure& failure) {
  const ledger::RunState& state = failure.run->state;
  if (failure.attempt == nullptr) {
    return fmt::format("- run {} event {}: node {} {} before any attempt\n", state.id.text, failure.node->ended,
                       failure.node->id.text, to_string(*failure.node->outcome));
  }
  const Attempt& attempt = *failure.attempt;
  std::string text =
      fmt::format("- run {} event {}: node {} {}, attempt {}, after {}", state.id.text, attempt.ended, name_of(failure),
                  to_string(*attempt.outcome), attempt.facts.attempt, human_duration(attempt.facts.duration));
  if (attempt.facts.exit_code) text += fmt::format(", exit code {}", *attempt.facts.exit_code);
  if (attempt.facts.signal) text += fmt::format(", signal {}", *attempt.facts.signal);
  return text + "; " + sequel(failure) + "\n";
}

std::string last_bytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  const std::size_t line = text.find('\n', text.size() - bytes);
  return fmt::format("(cut)\n{}", text.substr(line == std::string_view::npos ? text.size() - bytes : line + 1));
}

std::string piece_of(const Failure& failure) {
  std::string data = "error: " + cut(without_folders(failure.error()), kMostErrorBytes) + "\n";
  if (failure.attempt != nullptr) {
    if (failure.attempt->item) data += "item: " + cut(failure.attempt->item->dump(), kMostItemBytes) + "\n";
    const std::string& output = failure.attempt->facts.output;
    if (!output.empty()) data += "end of its output:\n" + last_bytes(without_folders(output), kMostOutputBytes) + "\n";
  }
  return head_of(failure) + fenced(data, "from " + name_of(failure));
}

void add_failures(std::vector<Failure>& failures, const RecordedRun& run) {
  for (const auto& [id, node] : run.state.nodes) {
    const std::size_t before = failures.size();
    for (const Attempt& attempt : node.attempts) {
      if (is_failure(attempt.outcome)) failures.push_back({&run, &node, &attempt});
    }
    if (failures.size() == before && is_failure(node.outcome)) failures.push_back({&run, &node, nullptr});
  }
}

// ---- runs and statistics

std::size_t failed_nodes(const ledger::RunState& state) {
  return static_cast<std::size_t>(
      std::ranges::count_if(state.nodes, [](const auto& node) { return is_failure(node.second.outcome); }));
}

std::string run_text(const RecordedRun& run, const graph::Graph& head) {
  const ledger::RunState& state = run.state;
  std::string text = fmt::format("- run {}: {}, {}, {} of {} nodes failed, events 1 to {}, concurrency {}, {}\n",
                                 state.id.text, to_string(state.status), human_duration(state.duration),
                                 failed_nodes(state), state.nodes.size(), state.last_event, state.start.concurrency,
                                 run.graph == head ? "of the workflow as above" : "of other content than above");
  std::string data;
  if (!state.reason.empty()) data += "cut short: " + without_folders(state.reason) + "\n";
  if (state.start.args.size() > 0) data += "inputs: " + ellipsis(state.start.args.dump(), kMostArgsBytes) + "\n";
  return data.empty() ? text : text + fenced(data, "of the run");
}

/// What all runs say of one node.
struct Attempts {
  std::size_t runs = 0, skipped = 0, succeeded = 0, failed = 0, timed_out = 0, retries = 0, cached = 0;
  std::uint64_t tokens = 0;
  double usd = 0;
  std::vector<microseconds> durations;
};

void count(Attempts& tally, const Attempt& attempt) {
  tally.succeeded += attempt.outcome == Outcome::succeeded ? 1 : 0;
  tally.failed += attempt.outcome == Outcome::failed ? 1 : 0;
  tally.timed_out += attempt.outcome == Outcome::timed_out ? 1 : 0;
  tally.retries += attempt.facts.attempt > 1 ? 1 : 0;
  tally.cached += attempt.cache_hit ? 1 : 0;
  if (attempt.cache_hit || !attempt.outcome) return;
  tally.durations.push_back(attempt.facts.duration);
  const exec::Spend spend = exec::spend_of(attempt.metrics);
  tally.tokens += spend.tokens.value_or(0);
  tally.usd += spend.usd.value_or(0);
}

std::string attempts_text(const NodeId& id, Attempts tally) {
  std::string text =
      fmt::format("- {}: in {}, attempts: {} succeeded, {} failed, {} timed out, {} of them retries", id.text,
                  count_of(tally.runs, "run"), tally.succeeded, tally.failed, tally.timed_out, tally.retries);
  if (tally.skipped > 0) text += fmt::format(", skipped in {}", count_of(tally.skipped, "run"));
  if (tally.cached > 0) text += fmt::format(", {} from the cache", tally.cached);
  if (!tally.durations.empty()) {
    std::ranges::sort(tally.durations);
    text += fmt::format("; median {}, longest {}", human_duration(tally.durations[tally.durations.size() / 2]),
                        human_duration(tally.durations.back()));
  }
  if (tally.tokens > 0) text += fmt::format("; {} tokens, {:.4f} usd", tally.tokens, tally.usd);
  return text + "\n";
}

// ---- state

ledger::FieldMerge merge_in(const RecordedRun& run, const std::string& name) {
  const auto merge = run.state.start.merges.find(name);
  const auto known = merge == run.state.start.merges.end() ? std::nullopt : ledger::field_merge(merge->second);
  return known.value_or(ledger::FieldMerge::last_wins);
}

std::optional<Value> final_value(const RecordedRun& run, const std::string& name) {
  const auto writes = run.state.writes.find(name);
  return writes == run.state.writes.end() ? std::nullopt : ledger::merged(writes->second, merge_in(run, name));
}

std::string writers_text(const std::vector<ledger::Write>& writes) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const ledger::Write& write : writes) {
    if (seen.insert(write.node.text).second) names.push_back(write.node.text);
  }
  return fmt::format("{} by {}", count_of(writes.size(), "write"), join(names, ", "));
}

std::string compared(const Evidence& evidence, const std::string& name, const Value& value) {
  if (evidence.runs.size() < 2) return "";
  const auto before = final_value(evidence.runs[evidence.runs.size() - 2], name);
  if (!before) return "; not set in the run before";
  return *before == value ? "; the same in the run before" : "; another value in the run before";
}

}  // namespace

Section failures_section(const Evidence& evidence) {
  Section section{.title = "What failed, newest run first, each kind of failure once before its repetitions",
                  .unit = "attempts",
                  .rank = 1,
                  .share = 0.35};
  std::vector<Failure> failures;
  for (auto run = evidence.runs.rbegin(); run != evidence.runs.rend(); ++run) add_failures(failures, *run);
  std::set<std::pair<NodeId, std::string>> kinds;
  const auto is_first = [&](const Failure& failure) {
    return kinds.emplace(failure.node->id, error_signature(failure.error())).second;
  };
  std::vector<Failure> again;
  for (const Failure& failure : failures) {
    if (is_first(failure))
      section.pieces.push_back(piece_of(failure));
    else
      again.push_back(failure);
  }
  for (const Failure& failure : again) section.pieces.push_back(piece_of(failure));
  if (section.pieces.empty()) section.pieces.emplace_back("Nothing failed.\n");
  return section;
}

Section runs_section(const Evidence& evidence) {
  Section section{.title = "The runs, newest first", .unit = "runs", .rank = 4, .share = 0.08};
  for (auto run = evidence.runs.rbegin(); run != evidence.runs.rend(); ++run) {
    section.pieces.push_back(run_text(*run, evidence.graph));
  }
  return section;
}

Section statistics_section(const Evidence& evidence) {
  Section section{.title = "Every node over all these runs", .unit = "nodes", .rank = 5, .share = 0.06};
  std::map<NodeId, Attempts> tallies;
  for (const RecordedRun& run : evidence.runs) {
    for (const auto& [id, node] : run.state.nodes) {
      Attempts& tally = tallies[id];
      ++tally.runs;
      tally.skipped += node.outcome == Outcome::skipped ? 1 : 0;
      for (const Attempt& attempt : node.attempts) count(tally, attempt);
    }
  }
  for (const auto& [id, tally] : tallies) section.pieces.push_back(attempts_text(id, tally));
  return section;
}

Section state_section(const Evidence& evidence) {
  const RecordedRun& newest = evidence.runs.back();
  Section section{.title = "The state at the end of run " + newest.state.id.text + "; before it every field was unset",
                  .unit = "fields",
                  .rank = 6,
                  .share = 0.3};
  for (const auto& [name, writes] : newest.state.writes) {
    const auto value = final_value(newest, name);
    if (!value || ledger::is_private_field(name)) continue;
    section.pieces.push_back(fmt::format(
        "- {} ({}, {}{})\n{}", plain(name), to_string(merge_in(newest, name)), writers_text(writes),
        compared(evidence, name, *value),
        fenced(cut(value->is_string() ? value->string_or("") : value->dump(), kMostFieldBytes), "value of " + name)));
  }
  return section;
}

}  // namespace oe::evolve
