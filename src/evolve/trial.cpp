#include "evolve/trial.hpp"

#include <array>
#include <csignal>
#include <fmt/core.h>

#include "oe/engine/run.hpp"
#include "oe/sys/file.hpp"

#include "evolve/confine.hpp"

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
  explicit TrialWorld(std::filesystem::path repository) : root(std::move(repository)) {}

  std::filesystem::path root;
  sys::EventLoop loop;
  sys::ProcessHost processes{loop};
  exec::Executors executors = exec::standard_executors({loop, processes, root});
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

Result<engine::Plan> plan_of(const JudgeContext& context, const std::filesystem::path& file, const TrialSpec& spec,
                             const std::filesystem::path& worktree, exec::Executors& executors) {
  OE_TRY(auto text, sys::read_file(file, doc::Limits{}.bytes));
  OE_TRY(auto reading,
         formats::read_workflow(std::move(text), spec.workflow, formats::files_below(file.parent_path())));
  if (!reading.usable()) {
    return fail(
        Error(ErrorKind::failed, "the workflow is not valid in the worktree").with(std::move(reading.problems)));
  }
  if (context.sandbox) reading.graph = confined(std::move(reading.graph), worktree, file.parent_path());
  return engine::make_plan(std::move(reading.graph), {spec.args, spec.concurrency}, executors);
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

Result<ledger::RunState> run_trial(const JudgeContext& context, const TrialSpec& spec) {
  OE_TRY(const auto worktree, context.repository.add_worktree(context.worktrees, spec.name, spec.commit));
  const std::filesystem::path file = worktree->path() / spec.workflow;
  TrialWorld world(context.root);
  OE_TRY(const engine::Plan plan, plan_of(context, file, spec, worktree->path(), world.executors));
  const RunId id{"t-" + spec.name};
  TrialSink sink(id, context.clock);
  engine::Run run(plan, {.loop = world.loop,
                         .executors = world.executors,
                         .sink = sink,
                         .clock = context.clock,
                         .directory = file.parent_path(),
                         .start = {.workflow = spec.workflow, .head = spec.commit.text},
                         .id = id,
                         .sandbox = context.sandbox
                                        ? std::optional(confined(std::nullopt, worktree->path(), file.parent_path()))
                                        : std::nullopt});
  world.watch(run, spec.limit);
  OE_CHECK(run.run());
  OE_CHECK(sys::make_directories(context.trials));
  OE_CHECK(sys::write_file(context.trials / (spec.name + ".jsonl"), sink.journal()));
  if (world.interrupted) return fail(ErrorKind::interrupted, "interrupted");
  if (world.too_long)
    return fail(ErrorKind::failed, fmt::format("the trial took longer than {}", human_duration(spec.limit)));
  return sink.take();
}

}  // namespace oe::evolve
