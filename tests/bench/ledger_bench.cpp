// What the ledger costs beside the work itself.
//   ledger_bench EVENTS                    appends so many events: to a journal, and to a journal and its index, with a
//                                          flush behind each start as in a chain of nodes
//   ledger_bench --items ITEMS             one for_each of so many items, recorded; prints the memory that it took
//   ledger_bench --make-big DIR RUNS EVENTS  a workflow and a ledger of RUNS runs of it with EVENTS events in all, in DIR
//   ledger_bench --open DIR                opens it as `oe runs` and `oe show` do
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fmt/core.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

#include "oe/ledger/ledger.hpp"

#include "ledger/event_line.hpp"
#include "ledger/journal_writer.hpp"

namespace {

using namespace oe;
using namespace oe::ledger;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// By the wall and of the processor: others may use the machine.
struct Watch {
  Clock::time_point wall = Clock::now();
  std::clock_t cpu = std::clock();
};

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

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

/// A directory that goes away.
struct Scratch {
  fs::path path;
  Scratch() {
    std::string name = fs::temp_directory_path() / "oe-ledger-bench-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(path); }
};

/// The events of one node without a failure: ready, started, a write, finished.
template <class Record>
void record_node(std::uint64_t n, const Record& record) {
  const At at{.node = {"node" + std::to_string(n)}};
  record(NodeReady{at, n});
  record(NodeStarted{.at = at, .input_digest = "0123456789abcdef"});
  record(StateWrite{.at = at, .field = "field", .value = Value::of(static_cast<std::int64_t>(n)), .digest = "0123456789abcdef"});
  record(NodeFinished{.at = at, .facts = {.duration = Microseconds(1234), .exit_code = 0}});
}

void measure(std::string_view name, std::uint64_t events, std::uint64_t bytes, const Watch& watch) {
  const double wall = seconds_since(watch.wall);
  const double cpu = static_cast<double>(std::clock() - watch.cpu) / CLOCKS_PER_SEC;
  const auto count = static_cast<double>(events);
  fmt::print("{:<16} {:>10.0f} events/s  {:>6.2f} us an event ({:.2f} us of the processor)  {:>12} bytes\n", name,
             count / wall, 1e6 * wall / count, 1e6 * cpu / count, bytes);
}

void bench_append(std::uint64_t events) {
  const Scratch scratch;
  JsonText line;
  std::uint64_t number = 0;
  std::uint64_t bytes = 0;
  Watch watch;
  for (std::uint64_t n = 0; n < events / 4; ++n)
    record_node(n, [&](RunEvent body) {
      line.clear();
      append_json_line(line, {++number, {"r-0123456789abc"}, sys::system_clock().now(), std::move(body)});
      bytes += line.size();
    });
  measure("format", number, bytes, watch);

  const fs::path file = scratch.path / "journal.jsonl";
  JournalWriter writer(must(sys::AppendFile::open(file)), 0);
  number = 0;
  watch = {};
  for (std::uint64_t n = 0; n < events / 4; ++n)
    record_node(n, [&](RunEvent body) {
      const bool starts = std::holds_alternative<NodeStarted>(body);
      must(writer.append({++number, {"r-0123456789abc"}, sys::system_clock().now(), std::move(body)}));
      if (starts) must(writer.flush());
    });
  must(writer.flush());
  measure("journal", number, writer.bytes(), watch);

  Ledger ledger = must(Ledger::open(scratch.path, sys::system_clock()));
  const auto recorder = must(ledger.start_run());
  number = 0;
  watch = {};
  const auto record = [&](RunEvent body) {
    const bool starts = std::holds_alternative<NodeStarted>(body);
    ++number, must(recorder->record(std::move(body)));
    if (starts) must(recorder->flush());
  };
  record(RunStarted{.nodes = events / 4});
  for (std::uint64_t n = 0; n < events / 4; ++n) record_node(n, record);
  record(RunFinished{});
  must(recorder->close());
  measure("journal + index", number, fs::file_size(ledger.directory() / "state.sqlite"), watch);
}

void bench_items(std::uint64_t items) {
  const Scratch scratch;
  Ledger ledger = must(Ledger::open(scratch.path, sys::system_clock()));
  const auto recorder = must(ledger.start_run());
  const long before = peak_megabytes();
  const Watch watch;
  const At whole{.node = {"each"}};
  must(recorder->record(RunStarted{.nodes = 1, .merges = {{"list", "array_append"}}}));
  must(recorder->record(NodeReady{whole, 0, items}));
  for (std::uint64_t n = 0; n < items; ++n) {
    const At at{.node = {"each"}, .index = n};
    must(recorder->record(NodeStarted{.at = at, .input_digest = "0123456789abcdef"}));
    must(recorder->record(StateWrite{.at = at, .field = "list", .value = Value::of(static_cast<std::int64_t>(n))}));
    must(recorder->record(NodeFinished{.at = at, .facts = {.duration = Microseconds(1234), .exit_code = 0}}));
  }
  must(recorder->record(NodeFinished{.at = whole}));
  const long running = peak_megabytes();
  must(recorder->record(RunFinished{}));
  must(recorder->close());
  measure("items", 3 * items, fs::file_size(ledger.directory() / "state.sqlite"), watch);
  fmt::print("peak memory: {} MB before, {} MB while it ran, {} MB with its end\n", before, running, peak_megabytes());
}

/// The workflow whose runs record_node() tells of: a chain of nodes that do nothing.
std::string workflow_of(std::uint64_t nodes) {
  std::string text =
      "name: big\nversion: 0.1.0\nstate:\n  schema:\n    field: { type: number }\ngraph:\n  nodes:\n";
  for (std::uint64_t n = 0; n < nodes; ++n)
    text += fmt::format("    - {{ id: node{}, kind: command, run: [\"true\"], writes: [field] }}\n", n);
  text += nodes > 1 ? "  edges:\n" : "  edges: []\n";
  for (std::uint64_t n = 1; n < nodes; ++n) text += fmt::format("    - {{ from: node{}, to: node{} }}\n", n - 1, n);
  return text;
}

void write_run(const fs::path& journal, const RunId& run, const RunStarted& start, Timestamp time) {
  JsonText text;
  std::uint64_t number = 0;
  const auto record = [&](RunEvent body) {
    append_json_line(text, {++number, run, time, std::move(body)});
    text.add('\n');
  };
  record(start);
  for (std::uint64_t n = 0; n < start.nodes; ++n) record_node(n, record);
  record(RunFinished{});
  std::ofstream(journal, std::ios::binary) << text.view();
}

void make_big(const fs::path& directory, std::uint64_t runs, std::uint64_t events) {
  const std::uint64_t nodes = std::max<std::uint64_t>(events / runs / 4, 1);
  const std::string workflow = workflow_of(nodes);
  std::ofstream(directory / "experience.yaml") << workflow;
  RunStarted start{.workflow = "experience.yaml", .name = "big", .nodes = nodes};
  start.workflow_digest = must(must(Ledger::open(directory, sys::system_clock())).keep_source(workflow));
  for (std::uint64_t i = 0; i < runs; ++i) {
    const Timestamp time(std::chrono::milliseconds(1'780'304'400'000 + 1000 * i));
    const RunId run = make_run_id(time, 0);
    write_run(directory / ".openexpertise/runs" / (run.text + ".jsonl"), run, start, time);
  }
  const auto began = Clock::now();
  must(Ledger::open(directory, sys::system_clock()));
  fmt::print("the index made from the journals: {:.1f} s\n", seconds_since(began));
}

void bench_open(const fs::path& directory) {
  for (int i = 0; i < 3; ++i) {
    auto start = Clock::now();
    auto lap = [&] {
      const double took = 1000 * seconds_since(start);
      start = Clock::now();
      return took;
    };
    const Ledger ledger = must(Ledger::open(directory, sys::system_clock()));
    const double open = lap();
    const auto rows = must(ledger.runs(20));
    const double list = lap();
    const RunId last = must(ledger.resolve("last"));
    const RunId named = must(ledger.resolve(rows.back().id.text));
    const double names = lap();
    const RunState state = must(ledger.state(last));
    fmt::print("open {:.1f} ms, runs(20) {:.1f} ms, resolve twice {:.1f} ms, state of a run of {} events {:.1f} ms\n", open,
               list, names, state.last_event, lap());
  }
}

}  // namespace

int main(int count, char** words) {
  const auto number = [&](int i) { return std::strtoull(words[i], nullptr, 10); };
  if (count == 5 && std::strcmp(words[1], "--make-big") == 0)
    make_big(words[2], number(3), number(4));
  else if (count == 3 && std::strcmp(words[1], "--open") == 0)
    bench_open(words[2]);
  else if (count == 3 && std::strcmp(words[1], "--items") == 0)
    bench_items(number(2));
  else if (count == 2 && number(1) > 0)
    bench_append(number(1));
  else
    return fmt::print(stderr, "usage: ledger_bench EVENTS | --items ITEMS | --make-big DIR RUNS EVENTS | --open DIR\n"), 2;
}
