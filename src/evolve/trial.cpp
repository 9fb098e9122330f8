#include "evolve/trial.hpp"

#include <array>
#include <csignal>
#include <fmt/core.h>

#include "oe/sys/file.hpp"

#include "evolve/confine.hpp"
#include "evolve/trial_secrets.hpp"

namespace oe::evolve {

namespace {

// Keeps a trial's events in memory and as journal text; trials are no runs and never enter the ledger's own record.
class TrialSink : public ledger::EventSink {
 public:
  TrialSink(RunId id, const sys::Clock& clock) : id_(std::move(id)), clock_(clock) {}

  Result<void> record(ledger::RunEvent body) override {
    const ledger::Event event{++count_, id_, clock_.now(), std::move(body)};
    journal_ += ledger::to_json_line(event) + "\n";
    fold_.add(event);
    return {};
  }

  const std::string& journal() const { return journal_; }
  ledger::RunState take() { return std::move(fold_).take(); }

 private:
  RunId id_;
  const sys::Clock& clock_;
  std::uint64_t count_ = 0;
  std::string journal_;
  ledger::Fold fold_;
};

/// One trial, its parts in the order in which they must die.
struct Trial {
  std::unique_ptr<git::Worktree> worktree;
  std::shared_ptr<llm::Client> models;
  exec::Executors executors;
  std::unique_ptr<engine::Plan> plan;
  std::unique_ptr<TrialSink> sink;
  std::unique_ptr<engine::Run> run;
  std::optional<sys::TimerId> timer;
  bool is_too_long = false;
};

// No more than what is left may go into all trials that run at once.
void limit(graph::Budget& budget, const Purse* purse, std::size_t at_once) {
  if (purse == nullptr || !purse->usd_left()) return;
  const double share = *purse->usd_left() / static_cast<double>(at_once);
  budget.usd = std::min(budget.usd.value_or(share), share);
}

Result<graph::Graph> graph_of(const JudgeContext& context, const std::filesystem::path& file, const TrialSpec& spec,
                              const std::filesystem::path& worktree, std::size_t at_once) {
  OE_TRY(auto text, sys::read_file(file, doc::Limits{}.bytes));
  OE_TRY(auto reading,
         formats::read_workflow(std::move(text), spec.workflow, formats::files_below(file.parent_path())));
  if (!reading.usable()) {
    return fail(
        Error(ErrorKind::failed, "the workflow is not valid in the worktree").with(std::move(reading.problems)));
  }
  limit(reading.graph.runtime.budget, context.purse, at_once);
  graph::Graph graph = with_keys_for_agents(std::move(reading.graph));
  return context.sandbox ? confined(std::move(graph), worktree, file.parent_path()) : graph;
}

}  // namespace

TrialSpec trial_of(const RecordedRun& run, const git::Oid& commit, std::string name) {
  TrialSpec spec{
      .commit = commit, .name = std::move(name), .workflow = run.state.start.workflow, .args = run.state.start.args};
  if (run.state.start.concurrency != run.graph.runtime.concurrency) spec.concurrency = run.state.start.concurrency;
  const auto recorded = std::chrono::duration_cast<std::chrono::milliseconds>(run.state.duration);
  spec.limit = std::max(spec.limit, 10 * recorded);
  return spec;
}

namespace {

// What several trials share: a loop, the children, and Ctrl-C.
class TrialHall {
 public:
  explicit TrialHall(const JudgeContext& context) : context_(context) {
    static constexpr std::array kSignals = {SIGINT, SIGTERM};
    loop_.on_signal(kSignals, [this](int) {
      is_interrupted_ = true;
      for (const auto& trial : trials_)
        if (trial->run) trial->run->cancel("interrupted");
    });
  }

  Result<Trials> hold(std::span<const TrialSpec> specs) {
    at_once_ = specs.size();
    if (context_.purse != nullptr) context_.purse->count_runs(specs.size());
    std::vector<std::optional<Error>> faults(specs.size());
    for (std::size_t i = 0; i < specs.size(); ++i) {
      trials_.push_back(std::make_unique<Trial>());
      const Result<void> begun = begin(*trials_[i], specs[i]);
      if (begun) continue;
      if (begun.error().kind() != ErrorKind::failed && begun.error().kind() != ErrorKind::input) return fail(begun.error());
      faults[i] = begun.error();
      trials_[i]->run.reset();
    }
    if (running_ > 0) loop_.run();
    Trials ended;
    for (std::size_t i = 0; i < specs.size(); ++i) {
      if (faults[i]) {
        ended.emplace_back(fail(std::move(*faults[i])));
      } else {
        OE_TRY(auto one, end(*trials_[i], specs[i]));
        ended.push_back(std::move(one));
      }
    }
    if (is_interrupted_) return fail(ErrorKind::interrupted, "interrupted");
    return ended;
  }

 private:
  Result<void> begin(Trial& trial, const TrialSpec& spec) {
    OE_TRY(trial.worktree, context_.repository.add_worktree(context_.worktrees, spec.name, spec.commit, spec.only));
    const std::filesystem::path root = trial.worktree->path(), file = root / spec.workflow;
    OE_TRY(graph::Graph graph, graph_of(context_, file, spec, root, at_once_));
    if (context_.models) {
      OE_TRY(trial.models, context_.models(loop_, processes_, graph.models, context_.home));
    }
    trial.executors = exec::standard_executors(
        {.loop = loop_, .processes = processes_, .root = context_.root, .models = trial.models});
    OE_TRY(engine::Plan plan, engine::make_plan(std::move(graph), {spec.args, spec.concurrency}, trial.executors));
    trial.plan = std::make_unique<engine::Plan>(std::move(plan));
    start(trial, spec, file.parent_path());
    return {};
  }

  void start(Trial& trial, const TrialSpec& spec, const std::filesystem::path& directory) {
    const RunId id{"t-" + spec.name};
    trial.sink = std::make_unique<TrialSink>(id, context_.clock);
    trial.run = std::make_unique<engine::Run>(
        *trial.plan,
        engine::RunContext{
            .loop = loop_,
            .executors = trial.executors,
            .sink = *trial.sink,
            .clock = context_.clock,
            .directory = directory,
            .start = {.workflow = spec.workflow, .head = spec.commit.text},
            .id = id,
            .past = spec.past,
            .replay = spec.replay,
            .secrets = trial_secrets(trial.plan->graph()),
            .hidden = trial.models ? trial.models->keys() : std::vector<std::string>(),
            .sandbox = context_.sandbox ? std::optional(confined(std::nullopt, trial.worktree->path(), directory))
                                        : std::nullopt});
    trial.timer = loop_.after(spec.limit, [&trial] {
      trial.is_too_long = true;
      trial.run->cancel("the trial passed its time limit");
    });
    ++running_;
    trial.run->start([this, &trial] {
      loop_.cancel(*trial.timer);
      if (--running_ == 0) loop_.stop();
    });
  }

  Result<Result<ledger::RunState>> end(Trial& trial, const TrialSpec& spec) {
    OE_TRY(const engine::RunSummary summary, trial.run->result());
    if (context_.purse != nullptr) context_.purse->pay(summary.spent);
    OE_CHECK(sys::make_directories(context_.trials));
    OE_CHECK(sys::write_file(context_.trials / (spec.name + ".jsonl"), trial.sink->journal()));
    ledger::RunState state = trial.sink->take();
    if (summary.is_environment) return fail(ErrorKind::environment, "the trial cannot run here: " + state.reason);
    if (trial.is_too_long)
      return Result<ledger::RunState>(
          fail(ErrorKind::failed, fmt::format("the trial took longer than {}", human_duration(spec.limit))));
    return Result<ledger::RunState>(std::move(state));
  }

  const JudgeContext& context_;
  sys::EventLoop loop_;
  sys::ProcessHost processes_{loop_};
  std::vector<std::unique_ptr<Trial>> trials_;
  std::size_t running_ = 0;
  std::size_t at_once_ = 1;
  bool is_interrupted_ = false;
};

}  // namespace

Result<Trials> run_trials(const JudgeContext& context, std::span<const TrialSpec> specs) {
  return TrialHall(context).hold(specs);
}

Result<ledger::RunState> run_trial(const JudgeContext& context, const TrialSpec& spec) {
  OE_TRY(Trials trials, run_trials(context, std::span(&spec, 1)));
  return std::move(trials.front());
}

}  // namespace oe::evolve
