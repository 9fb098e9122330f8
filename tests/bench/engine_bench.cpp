// What the engine costs beside the work itself: nodes run in this program, each run recorded as `oe run` records it
// (journal and index). Times are of the run alone, from its first event to its close; memory is what it adds.
//   engine_bench chain|wide NODES        no-op nodes, each after the one before it, or all independent (-j8)
//   engine_bench fields NODES            a chain in which every node writes a field of its own
//   engine_bench append NODES BYTES      a chain in which every node appends a text of so many bytes to one list
//   engine_bench each ITEMS MS LANES     a for_each whose items each sleep so long, so many at once
//   engine_bench sleeps NODES MS         independent nodes that all sleep at the same time
//   engine_bench stream ITEMS            a for_each over a generated jsonl file, read as it goes
// Prints what each node or item took by the wall, of the processor and to plan, what all took, the memory that the run
// added, the most that the program had, what is on disk, and the most attempts at once. With --no-ledger as the last word
// nothing is recorded.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include "oe/engine/run.hpp"
#include "oe/ledger/ledger.hpp"

namespace {

using namespace oe;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

template <class T>
T must(Result<T> result) {
  if (result) {
    if constexpr (std::is_void_v<T>)
      return;
    else
      return std::move(*result);
  }
  fmt::print(stderr, "{}\n", result.error().to_string());
  std::exit(1);
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Scratch {
  fs::path path;
  Scratch() {
    std::string name = fs::temp_directory_path() / "oe-engine-bench-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(path); }
};

/// Ends each attempt on the next turn of the loop, or after a while, with what the node writes.
class InProcess : public exec::Executor {
 public:
  explicit InProcess(sys::EventLoop& loop) : loop_(loop) {}

  std::uint64_t start(const exec::AttemptSpec& spec, exec::Done done, exec::Activity) override {
    most_at_once = std::max(most_at_once, ++at_once_);
    auto end = [this, done = std::move(done), delta = delta(*spec.work)]() mutable {
      --at_once_;
      exec::AttemptReport report;
      report.state_delta = std::move(delta);
      done(std::move(report));
    };
    if (sleep.count() > 0 && spec.node.text != "list")
      loop_.after(sleep, std::move(end));
    else
      loop_.post(std::move(end));
    return ++last_;
  }
  void cancel(std::uint64_t) override {}

  std::chrono::milliseconds sleep{0};
  Value written;  ///< by every node, to each field that it lists
  std::size_t most_at_once = 0;

 private:
  std::map<std::string, Value> delta(const graph::Node& node) const {
    std::map<std::string, Value> delta;
    for (const std::string& field : node.writes) delta.emplace(field, written);
    return delta;
  }

  sys::EventLoop& loop_;
  std::uint64_t last_ = 0;
  std::size_t at_once_ = 0;
};

struct Sink : ledger::EventSink {
  Result<void> record(ledger::RunEvent) override { return {}; }
};

/// A graph, how its nodes behave, and how it is run.
struct Case {
  std::string name;
  graph::Graph graph;
  std::uint64_t count = 0;
  std::uint32_t concurrency = 1;
  std::chrono::milliseconds sleep{0};
  Value written;
};

graph::Node noop(std::string id, std::vector<std::string> writes = {}) {
  graph::Node node;
  node.id = NodeId{std::move(id)};
  node.writes = std::move(writes);
  node.work = graph::Tool{.impl = "in-process"};
  return node;
}

Case nodes(std::string name, std::uint64_t count, std::uint32_t concurrency) {
  Case made{.name = std::move(name), .graph = {}, .count = count, .concurrency = concurrency, .written = {}};
  for (std::uint64_t n = 0; n < count; ++n) made.graph.nodes.push_back(noop(fmt::format("n{}", n)));
  return made;
}

Case chain(std::string name, std::uint64_t count) {
  Case made = nodes(std::move(name), count, 1);
  for (std::uint64_t n = 1; n < count; ++n)
    made.graph.edges.push_back({.from = made.graph.nodes[n - 1].id, .to = made.graph.nodes[n].id, .when = {}, .where = {}});
  return made;
}

Case fields(std::uint64_t count) {
  Case made = chain("fields", count);
  made.written = Value::of(1);
  for (graph::Node& node : made.graph.nodes) {
    node.writes = {"field_" + node.id.text};
    made.graph.state.push_back({.name = node.writes.front(), .description = {}, .where = {}});
  }
  return made;
}

Case append(std::uint64_t count, std::size_t bytes) {
  Case made = chain("append", count);
  made.graph.state.push_back({.name = "list", .merge = graph::Merge::array_append, .description = {}, .where = {}});
  made.written = Value(nlohmann::json::array({std::string(bytes, 'x')}));
  for (graph::Node& node : made.graph.nodes) node.writes = {"list"};
  return made;
}

graph::Node fan_out(graph::Each each) {
  graph::Node node = noop("each");
  graph::Graph body;
  body.nodes.push_back(node);
  each.body = std::move(body);
  node.work = std::move(each);
  return node;
}

Case each(std::uint64_t items, std::chrono::milliseconds sleep, std::uint32_t lanes) {
  Case made = nodes("each", 0, lanes);
  made.count = items;
  made.sleep = sleep;
  nlohmann::json list = nlohmann::json::array();
  for (std::uint64_t n = 0; n < items; ++n) list.push_back(n);
  made.written = Value(std::move(list));
  made.graph.state.push_back({.name = "items", .description = {}, .where = {}});
  made.graph.nodes.push_back(noop("list", {"items"}));
  made.graph.nodes.push_back(fan_out({.source = "$.items", .rows = {}, .as = {}, .concurrency = lanes}));
  made.graph.edges.push_back({.from = NodeId{"list"}, .to = NodeId{"each"}, .when = {}, .where = {}});
  return made;
}

Case stream(std::uint64_t items, const fs::path& directory) {
  std::ofstream file(directory / "rows.jsonl");
  for (std::uint64_t n = 0; n < items; ++n) file << "{\"id\":" << n << ",\"text\":\"row\"}\n";
  Case made = nodes("stream", 0, 8);
  made.count = items;
  const graph::FileSource source{"rows.jsonl", graph::RowFormat::jsonl};
  made.graph.nodes.push_back(fan_out({.source = {}, .rows = graph::Dataset{source}, .as = {}, .concurrency = 8}));
  return made;
}

double megabytes_in(const fs::path& directory) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return static_cast<double>(bytes) / 1e6;
}

void measure(Case work, const fs::path& directory, bool recorded) {
  sys::EventLoop loop;
  const auto executor = std::make_shared<InProcess>(loop);
  executor->sleep = work.sleep;
  executor->written = work.written;
  exec::Executors executors;
  executors.add("tool", executor);
  const double bare = peak_megabytes();
  const engine::PlanOptions options{.args = Value::object(), .concurrency = work.concurrency};
  const std::clock_t before_plan = std::clock();
  const engine::Plan plan = must(engine::make_plan(std::move(work.graph), options, executors));
  const double plan_cpu = static_cast<double>(std::clock() - before_plan) / CLOCKS_PER_SEC;

  ledger::Ledger ledger = must(ledger::Ledger::open(directory / "record", sys::system_clock()));
  const auto recorder = must(ledger.start_run());
  Sink nowhere;
  ledger::EventSink& sink = recorded ? static_cast<ledger::EventSink&>(*recorder) : nowhere;
  const Clock::time_point start = Clock::now();
  const std::clock_t cpu = std::clock();
  engine::Run run(plan, {loop, executors, sink, sys::system_clock(), directory, {}, recorder->id()});
  const engine::RunSummary summary = must(run.run());
  if (recorded) must(recorder->close());
  const double wall = std::chrono::duration<double>(Clock::now() - start).count();
  const double spent = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  if (summary.status != ledger::RunStatus::success) {
    fmt::print(stderr, "{} did not succeed\n", work.name);
    std::exit(1);
  }
  const auto count = static_cast<double>(work.count);
  fmt::print("{} count {} wall_us {:.2f} cpu_us {:.2f} plan_us {:.2f} wall_s {:.3f} cpu_s {:.3f} "
             "ram_mb {:.1f} peak_mb {:.1f} disk_mb {:.1f} at_once {}\n",
             work.name, work.count, 1e6 * wall / count, 1e6 * spent / count, 1e6 * plan_cpu / count, wall, spent,
             peak_megabytes() - bare, peak_megabytes(), megabytes_in(directory / "record"), executor->most_at_once);
}

std::optional<Case> named(const std::vector<std::string>& words, const fs::path& directory) {
  const auto number = [&](std::size_t i) { return std::strtoull(words[i].c_str(), nullptr, 10); };
  const auto is = [&](std::string_view name, std::size_t numbers) {
    return words.size() == numbers + 1 && words.front() == name;
  };
  if (is("chain", 1)) return chain("chain", number(1));
  if (is("wide", 1)) return nodes("wide", number(1), 8);
  if (is("fields", 1)) return fields(number(1));
  if (is("append", 2)) return append(number(1), number(2));
  if (is("each", 3))
    return each(number(1), std::chrono::milliseconds(number(2)), static_cast<std::uint32_t>(number(3)));
  if (is("stream", 1)) return stream(number(1), directory);
  if (!is("sleeps", 2)) return std::nullopt;
  Case sleeps = nodes("sleeps", number(1), static_cast<std::uint32_t>(number(1)));
  sleeps.sleep = std::chrono::milliseconds(number(2));
  return sleeps;
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  const bool recorded = words.empty() || words.back() != "--no-ledger";
  if (!recorded) words.pop_back();
  const Scratch scratch;
  fs::create_directory(scratch.path / "record");
  auto work = named(words, scratch.path);
  if (work) return measure(std::move(*work), scratch.path, recorded), 0;
  fmt::print(stderr, "usage: engine_bench chain|wide|fields|stream COUNT | append COUNT BYTES | each ITEMS MS LANES | "
                     "sleeps COUNT MS [--no-ledger]\n");
  return 2;
}
