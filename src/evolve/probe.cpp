#include "evolve/probe.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/exec/executor.hpp"
#include "oe/graph/expression.hpp"
#include "oe/sys/loop.hpp"
#include "oe/sys/process.hpp"

#include "evolve/confine.hpp"
#include "evolve/item_history.hpp"
#include "evolve/trial_secrets.hpp"

namespace oe::evolve {

namespace {

// A smaller item may send a tool into an endless loop.
constexpr std::chrono::milliseconds kLongestAttempt{30'000};

// The state as the node saw it in the recorded run.
graph::Lookup recorded_view(const RecordedRun& run, const NodeId& node) {
  const auto found = run.state.nodes.find(node);
  const std::uint64_t order = found == run.state.nodes.end() ? UINT64_MAX : found->second.order;
  return [&run, order](std::string_view name) -> std::optional<Value> {
    const auto writes = run.state.writes.find(std::string(name));
    if (writes == run.state.writes.end()) return std::nullopt;
    return ledger::merged(writes->second, ledger::merge_of(run.state.start, writes->first), order);
  };
}

// The recorded view, but for the fields that an object names.
graph::Lookup with_fields(graph::Lookup view, const Value& fields) {
  return [view = std::move(view), &fields](std::string_view name) -> std::optional<Value> {
    const std::string own(name);
    return fields.json().is_object() && fields.json().contains(own) ? std::optional(fields.get(own)) : view(name);
  };
}

// Everything of the call (section 5.1 of the reference) but the item.
nlohmann::json recorded_input(const RecordedRun& run, const graph::Graph& graph, const graph::Node& node,
                              const Value& fields) {
  const graph::Lookup view = with_fields(recorded_view(run, node.id), fields);
  nlohmann::json input = run.state.start.args.json();
  if (!input.is_object()) input = nlohmann::json::object();
  input.update(graph::resolve(graph::arguments(node), view).json());
  nlohmann::json state = nlohmann::json::object();
  for (const std::string& field : graph::leaf(node).reads) {
    if (const auto value = view(field)) state[field] = value->json();
  }
  nlohmann::json edge_inputs = nlohmann::json::object();
  for (const graph::Edge& edge : graph.edges) {
    const auto from = run.state.nodes.find(edge.from);
    if (edge.to != node.id || from == run.state.nodes.end() || !from->second.edge_output) continue;
    edge_inputs[edge.from.text] = from->second.edge_output->json();
  }
  input["_state"] = std::move(state);
  input["_edge_inputs"] = std::move(edge_inputs);
  return input;
}

}  // namespace

struct Probe::Impl {
  std::unique_ptr<git::Worktree> worktree;
  graph::Node leaf;
  std::filesystem::path directory;
  std::function<nlohmann::json(const Value& item)> call_with;  ///< what the attempt on an item is given
  RunId id;
  std::uint64_t count = 0;
  bool interrupted = false;
  std::optional<graph::Sandbox> sandbox;
  sys::EventLoop loop;
  sys::ProcessHost processes{loop};
  std::shared_ptr<llm::Client> models;
  exec::Executors executors;  ///< die first
  exec::EnvironmentChanges environment;
  Purse* purse = nullptr;

  exec::AttemptReport attempt(const Value& item) {
    nlohmann::json call = call_with(item);
    const exec::AttemptSpec spec{.run = id,
                                 .node = leaf.id,
                                 .index = count++,
                                 .work = &leaf,
                                 .input = Value(std::move(call)),
                                 .directory = directory,
                                 .idempotency_key = id.text + "/" + leaf.id.text,
                                 .timeout = leaf.timeout.value_or(kLongestAttempt),
                                 .environment = &environment,
                                 .sandbox = sandbox ? &*sandbox : nullptr};
    exec::AttemptReport report;
    const auto done = [&](exec::AttemptReport result) {
      report = std::move(result);
      loop.stop();
    };
    exec::Executor& executor = *executors.find(graph::kind_name(leaf.work));
    if (passes_budget(executor.at_most(spec))) {
      return {.outcome = ledger::Outcome::failed, .error = "it may cost more than what is left of the budget"};
    }
    const std::uint64_t handle = executor.start(spec, done, [](std::string_view) {});
    const sys::TimerId timer = loop.after(leaf.timeout.value_or(kLongestAttempt), [&] { executor.cancel(handle); });
    loop.run();
    loop.cancel(timer);
    if (purse != nullptr) purse->pay(exec::spend_of(report.metrics));
    return report;
  }

  // Only models know their tokens before their price.
  bool passes_budget(const exec::Spend& most) const {
    if (purse == nullptr || !purse->usd_left() || !most.tokens) return false;
    return !most.usd || *most.usd > *purse->usd_left();
  }
};

Probe::Probe(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Probe::Probe(Probe&&) noexcept = default;
Probe::~Probe() = default;

Result<Probe> Probe::open(const JudgeContext& context, const Base& base, const RecordedRun& run, const NodeId& node,
                          const git::Oid& commit, const std::string& name) {
  const graph::Node* found = graph::find(base.reading.graph, node);
  auto impl = std::make_unique<Impl>();
  OE_TRY(impl->worktree, context.repository.add_worktree(context.worktrees, name, commit));
  impl->directory = impl->worktree->path() / base.directory;
  const graph::Graph& graph = base.reading.graph;
  if (context.models) {
    OE_TRY(impl->models, context.models(impl->loop, impl->processes, graph.models, context.home));
  }
  impl->executors = exec::standard_executors(
      {.loop = impl->loop, .processes = impl->processes, .root = context.root, .models = impl->models});
  if (found == nullptr || impl->executors.find(graph::kind_name(graph::leaf(*found).work)) == nullptr) {
    return fail(ErrorKind::failed, fmt::format("{} cannot be run on its own", node.text));
  }
  impl->leaf = graph::leaf(*found);
  impl->id = RunId{"p-" + name};
  impl->call_with = [&run, &graph, found](const Value& item) {
    // A node without a for_each has no item: there it is the fields that it reads.
    if (graph::each(*found) == nullptr) return recorded_input(run, graph, *found, item);
    nlohmann::json call = recorded_input(run, graph, *found, Value::object());
    call["$item"] = item.json();
    call["$index"] = 0;
    return call;
  };
  for (const auto& [secret, value] : trial_secrets(graph)) {
    const bool granted = std::ranges::find(impl->leaf.secrets, secret) != impl->leaf.secrets.end();
    impl->environment.emplace_back(secret, granted ? std::optional(value) : std::nullopt);
  }
  impl->purse = context.purse;
  if (context.sandbox) {
    const std::optional<graph::Sandbox>& asked = impl->leaf.sandbox;
    impl->sandbox =
        confined(asked ? asked : base.reading.graph.runtime.sandbox, impl->worktree->path(), impl->directory);
  }
  static constexpr std::array kSignals = {SIGINT, SIGTERM};
  Impl& self = *impl;
  impl->loop.on_signal(kSignals, [&self](int) {
    self.interrupted = true;
    self.loop.stop();
  });
  return Probe(std::move(impl));
}

Result<std::optional<std::string>> Probe::fails_on(const Value& item) {
  exec::AttemptReport report = impl_->attempt(item);
  if (impl_->interrupted) return fail(ErrorKind::interrupted, "interrupted");
  if (report.outcome == ledger::Outcome::succeeded) return std::optional<std::string>();
  return std::optional(report.error);
}

bool fails_alike(const AddDatasetCase& recorded, std::string_view failure, const Value& item) {
  return failure_kind(first_line(failure), item) == failure_kind(first_line(recorded.error), recorded.item);
}

}  // namespace oe::evolve
