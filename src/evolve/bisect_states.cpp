#include "evolve/bisect_states.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "evolve/consent.hpp"
#include "evolve/gather.hpp"
#include "evolve/history_runs.hpp"
#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

/// Of each state; older ones say less.
constexpr std::size_t kMostStored = 32;
constexpr std::size_t kMostCases = 4;

/// Positions on the first-parent line, from `bad` back to `good`.
Result<std::vector<PastCommit>> line_between(const git::Place& place, const BisectOptions& options,
                                             const std::vector<std::string>& more) {
  std::vector<PastCommit> commits;
  std::vector<std::string> arguments = {"--first-parent"};
  if (options.good) arguments.push_back("^" + options.good->text);
  arguments.insert(arguments.end(), more.begin(), more.end());
  OE_CHECK(walk_back(place, options.bad, arguments, [&](const PastCommit& commit) {
    commits.push_back(commit);
    return true;
  }));
  std::ranges::reverse(commits);
  return commits;
}

bool is_measure(const RunPlaces::Placed& run) {
  using enum ledger::RunStatus;
  return !run.is_uncommitted && (run.row.status == success || run.row.status == failed || run.row.status == partial);
}

/// The state that each commit of the line is in.
std::map<std::string, std::size_t> states_by_commit(const StatesOfWorkflow& states,
                                                    const std::vector<PastCommit>& line) {
  std::map<std::string, std::size_t> by_commit = {{states.commits.front().id.text, 0}};
  std::size_t state = 0;
  for (const PastCommit& commit : line) {
    if (state + 1 < states.commits.size() && states.commits[state + 1].id == commit.id) ++state;
    by_commit.emplace(commit.id.text, state);
  }
  return by_commit;
}

}  // namespace

Result<StatesOfWorkflow> states_of(const HistoryContext& context, const BisectOptions& options,
                                   const std::vector<std::string>& paths) {
  std::vector<std::string> only = {"--"};
  only.insert(only.end(), paths.begin(), paths.end());
  StatesOfWorkflow states;
  OE_TRY(const auto line, line_between(context.place, options, {}));
  OE_TRY(states.commits, line_between(context.place, options, only));
  if (options.good) {
    OE_TRY(auto good, read_commits(context.place, {*options.good}));
    states.commits.insert(states.commits.begin(), good.begin(), good.end());
  }
  if (states.commits.empty()) return states;
  states.runs.resize(states.commits.size());
  const auto by_commit = states_by_commit(states, line);
  OE_TRY(const RunPlaces places, RunPlaces::open(context, options.workflow));
  for (const RunPlaces::Placed& run : places.all()) {
    const auto state = by_commit.find(run.commit);
    if (state != by_commit.end() && is_measure(run)) states.runs[state->second].push_back(run.row.id);
  }
  if (options.good) return states;
  // Nothing is known of what was before the first run.
  const auto first = std::ranges::find_if(states.runs, [](const auto& runs) { return !runs.empty(); });
  const auto unknown = first - states.runs.begin();
  states.commits.erase(states.commits.begin(), states.commits.begin() + unknown);
  states.runs.erase(states.runs.begin(), first);
  return states;
}

StateSamples::StateSamples(const EvolveContext& context, const JudgeContext& judge, const BisectOptions& options,
                           const StatesOfWorkflow& states, MetricReader& reader, bool is_about_time)
    : context_(context),
      judge_(judge),
      options_(options),
      states_(states),
      reader_(reader),
      is_about_time_(is_about_time),
      stored_(states.commits.size()),
      fresh_(states.commits.size()) {}

Result<void> StateSamples::load() {
  for (std::size_t state = 0; state < states(); ++state) {
    for (const RunId& run : states_.runs[state]) {
      if (stored_[state].size() == kMostStored) break;
      OE_TRY(OneMeasure measure, reader_.read(run));
      const bool is_new = std::ranges::none_of(cases_, [&](const RecordedRun& one) {
        return one.state.start.args.dump() == measure.args;
      });
      if (is_new && cases_.size() < kMostCases) {
        OE_TRY(ledger::RunState recorded, context_.ledger.state(run));
        graph::Graph graph;
        if (auto read = recorded_graph(context_.ledger, recorded.start, files_of_nobody())) graph = std::move(*read);
        cases_.push_back({std::move(graph), std::move(recorded)});
      }
      stored_[state].push_back(std::move(measure));
    }
  }
  return {};
}

// As trials are: what the user has run or trusted, and in a sandbox.
Result<bool> StateSamples::may_run(std::size_t state) {
  if (trusted_.contains(state)) return true;
  OE_TRY(Base base, read_base(judge_.repository, states_.commits[state].id, options_.workflow));
  const auto consent = check_consent(context_, judge_, base);
  if (!consent) why_not_ = one_line(consent.error().message());
  if (consent) trusted_.emplace(state, std::move(base.reading.graph));
  return consent.has_value();
}

// What is timed has the machine for itself.
Result<Trials> StateSamples::hold(const std::vector<TrialSpec>& specs) const {
  if (!is_about_time_) return run_trials(judge_, specs);
  Trials trials;
  for (const TrialSpec& spec : specs) {
    OE_TRY(Trials one, run_trials(judge_, std::span(&spec, 1)));
    trials.push_back(std::move(one.front()));
  }
  return trials;
}

Result<bool> StateSamples::run(const std::vector<std::size_t>& states, std::size_t count) {
  if (!options_.runs) why_not_ = "stored runs do not say more, and no new ones were to be made";
  if (cases_.empty()) why_not_ = "there is no recorded run whose inputs a new one could take";
  if (!options_.runs || cases_.empty()) return false;
  std::vector<std::size_t> missing;
  for (const std::size_t state : states)
    if (fresh_[state].size() < count) missing.push_back(state);
  // Who goes first changes, so that nobody always has the warm cache.
  if (count % 2 == 0) std::ranges::reverse(missing);
  std::vector<TrialSpec> specs;
  for (const std::size_t state : missing) {
    OE_TRY(const bool may, may_run(state));
    if (!may) return false;
    const git::Oid& commit = states_.commits[state].id;
    const std::size_t number = fresh_[state].size();
    specs.push_back(trial_of(cases_[number % cases_.size()], commit,
                             fmt::format("bisect-{}-{}-{}", commit.text.substr(0, 12), number, ::getpid())));
  }
  if (judge_.purse->affords(1, {.runs = specs.size()}, context_.clock.monotonic()) == 0) {
    why_not_ = judge_.purse->ended_by() + " left no room for more runs";
    return false;
  }
  OE_TRY(const Trials trials, hold(specs));
  for (std::size_t i = 0; i < missing.size(); ++i) {
    OneMeasure measure{.run = {specs[i].name}, .args = specs[i].args.dump(), .content = {}, .value = {}};
    if (trials[i]) measure.value = reader_.value_of(*trials[i], trusted_.at(missing[i]));
    fresh_[missing[i]].push_back(std::move(measure));
  }
  return true;
}

}  // namespace oe::evolve
