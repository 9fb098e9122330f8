#include "evolve/trial.hpp"

#include <array>
#include <csignal>
#include <fmt/core.h>

#include "oe/engine/run.hpp"
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

// One trial's loop, children and limits, in the order in which they must die.
struct TrialWorld {
  sys::EventLoop loop;
  sys::ProcessHost processes{loop};
  std::shared_ptr<llm::Client> models;
  exec::Executors executors;
  bool interrupted = false;
  bool too_long = false;

  void watch(engine::Run& run, std::chrono::milliseconds limit) {
    static constexpr std::array kSignals = {SIGINT, SIGTERM};
    loop.on_signal(kSignals, [this, &run](int) {
      interrupted = true;
      run.cancel("interrupted");
    });
    loop.after(limit, [this, &run] {
      too_long = true;
      run.cancel("the trial passed its time limit");
    });
  }
};

// No more than what is left may go into one trial.
void limit(graph::Budget& budget, const Purse* purse) {
  if (purse != nullptr && purse->usd_left)
    budget.usd = std::min(budget.usd.value_or(*purse->usd_left), *purse->usd_left);
}

Result<graph::Graph> graph_of(const JudgeContext& context, const std::filesystem::path& file, const TrialSpec& spec,
                              const std::filesystem::path& worktree) {
  OE_TRY(auto text, sys::read_file(file, doc::Limits{}.bytes));
  OE_TRY(auto reading,
         formats::read_workflow(std::move(text), spec.workflow, formats::files_below(file.parent_path())));
  if (!reading.usable()) {
    return fail(
        Error(ErrorKind::failed, "the workflow is not valid in the worktree").with(std::move(reading.problems)));
  }
  limit(reading.graph.runtime.budget, context.purse);
  graph::Graph graph = with_keys_for_agents(std::move(reading.graph));
  return context.sandbox ? confined(std::move(graph), worktree, file.parent_path()) : graph;
}

}  // namespace

void Purse::pay(const exec::Spend& more) {
  const auto add = [](auto& sum, const auto& one) {
    if (one) sum = sum.value_or(0) + *one;
  };
  add(spent.tokens, more.tokens);
  add(spent.usd, more.usd);
  if (usd_left) *usd_left = std::max(0.0, *usd_left - more.usd.value_or(0));
}

TrialSpec trial_of(const RecordedRun& run, const git::Oid& commit, std::string name) {
  TrialSpec spec{
      .commit = commit, .name = std::move(name), .workflow = run.state.start.workflow, .args = run.state.start.args};
  if (run.state.start.concurrency != run.graph.runtime.concurrency) spec.concurrency = run.state.start.concurrency;
  const auto recorded = std::chrono::duration_cast<std::chrono::milliseconds>(run.state.duration);
  spec.limit = std::max(spec.limit, 10 * recorded);
  return spec;
}

Result<ledger::RunState> run_trial(const JudgeContext& context, const TrialSpec& spec) {
  OE_TRY(const auto worktree, context.repository.add_worktree(context.worktrees, spec.name, spec.commit));
  const std::filesystem::path file = worktree->path() / spec.workflow;
  TrialWorld world;
  OE_TRY(graph::Graph graph, graph_of(context, file, spec, worktree->path()));
  if (context.models) {
    OE_TRY(world.models, context.models(world.loop, world.processes, graph.models, context.home));
  }
  world.executors = exec::standard_executors(
      {.loop = world.loop, .processes = world.processes, .root = context.root, .models = world.models});
  OE_TRY(const engine::Plan plan, engine::make_plan(std::move(graph), {spec.args, spec.concurrency}, world.executors));
  const RunId id{"t-" + spec.name};
  TrialSink sink(id, context.clock);
  engine::Run run(
      plan, {.loop = world.loop,
             .executors = world.executors,
             .sink = sink,
             .clock = context.clock,
             .directory = file.parent_path(),
             .start = {.workflow = spec.workflow, .head = spec.commit.text},
             .id = id,
             .secrets = trial_secrets(plan.graph()),
             .hidden = world.models ? world.models->keys() : std::vector<std::string>(),
             .sandbox = context.sandbox ? std::optional(confined(std::nullopt, worktree->path(), file.parent_path()))
                                        : std::nullopt});
  world.watch(run, spec.limit);
  OE_TRY(const engine::RunSummary summary, run.run());
  if (context.purse != nullptr) context.purse->pay(summary.spent);
  OE_CHECK(sys::make_directories(context.trials));
  OE_CHECK(sys::write_file(context.trials / (spec.name + ".jsonl"), sink.journal()));
  if (world.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  if (summary.is_environment) return fail(ErrorKind::environment, "the trial cannot run here: " + sink.take().reason);
  if (world.too_long)
    return fail(ErrorKind::failed, fmt::format("the trial took longer than {}", human_duration(spec.limit)));
  return sink.take();
}

}  // namespace oe::evolve
