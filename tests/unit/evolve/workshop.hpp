#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "oe/engine/run.hpp"
#include "oe/exec/content.hpp"
#include "oe/exec/sandbox.hpp"
#include "oe/evolve/evolve.hpp"
#include "oe/evolve/judge.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::evolve::test {

using git::error_of;
using git::must;

/// Two honest weaknesses, quick to run: `fetch` fails the first time that it runs in a working tree, and `shout` cannot
/// take a word with an x.
inline constexpr std::string_view kLettersWorkflow = R"(name: letters
version: 0.1.0
runtime: { concurrency: 4 }
state:
  schema:
    words: { type: array }
    shouts: { type: array, merge: array_append }   # one for each word
graph:
  nodes:
    - id: load
      kind: dataset
      source: { type: file, uri: ./words.jsonl }
      writes: [words]

    # The far end sleeps at first.
    - id: fetch
      kind: command
      run: [sh, tools/fetch.sh]

    - id: shout
      kind: command
      run: [sh, tools/shout.sh, "{{$item.word}}"]
      for_each: { source: $.words }
      output: lines
      writes: [shouts]
      timeout_ms: 20000

  edges:
    - { from: load, to: shout }
)";
inline constexpr std::string_view kWords =
    "{\"word\": \"alpha\", \"by\": \"a\"}\n{\"word\": \"a long fax from afar\", \"by\": \"b\"}\n"
    "{\"word\": \"gamma\", \"by\": \"c\"}\n";

/// A real repository with a real ledger and the letters workflow in flows/, committed.
class Workshop {
 public:
  Workshop() {
    repo.write("flows/experience.yaml", kLettersWorkflow);
    repo.write("flows/words.jsonl", kWords);
    repo.write("flows/tools/fetch.sh",
               "test -e .awake || { touch .awake; echo asleep >&2; exit 1; }\n");
    repo.write("flows/.gitignore", ".awake\n");
    repo.write("flows/tools/shout.sh",
               "case \"$1\" in *x*) echo \"cannot shout an x\" >&2; exit 3;; esac\necho \"$1!\"\n");
    repo.write("README.md", "letters\n");
    repo.commit("the workflow");
    ledger = std::make_unique<ledger::Ledger>(must(ledger::Ledger::open(repo.root(), sys::system_clock())));
    reopen();
  }

  /// libgit2 and Place as a new process would see them.
  void reopen() {
    place = repo.place();
    repository = must(git::open_repository(place));
  }

  /// One recorded run, as `oe run flows` makes it.
  RunId run() {
    const std::filesystem::path file = repo.root() / kPath;
    const std::string text = repo.read(kPath);
    auto reading = must(formats::read_workflow(text, kPath, formats::files_below(file.parent_path())));
    sys::EventLoop loop;
    sys::ProcessHost processes(loop);
    exec::Executors executors = exec::standard_executors({loop, processes, repo.root()});
    const engine::Plan plan = must(engine::make_plan(reading.graph, {}, executors));
    ledger::RunStarted start{.workflow = kPath, .workflow_digest = must(ledger->keep_source(text))};
    start.head = repo.rev("HEAD").text;
    const auto recorder = must(ledger->start_run());
    engine::Run run(plan, {.loop = loop,
                           .executors = executors,
                           .sink = *recorder,
                           .clock = sys::system_clock(),
                           .directory = file.parent_path(),
                           .start = start,
                           .id = recorder->id()});
    must(run.run());
    must(recorder->close());
    must(trust.add(must(exec::content_digest(reading.graph, text, file.parent_path())), "run"));
    return recorder->id();
  }
  /// Two runs: one fails in fetch, one does not; both fail on one word.
  void run_twice() {
    run();
    run();
  }

  EvolveContext context() {
    reopen();
    return {.place = place,
            .repository = *repository,
            .ledger = *ledger,
            .clock = sys::system_clock(),
            .identity = {"T\u00e9st User", "test@example.com"},
            .progress = [](const std::string&) {},
            .trust = trust};
  }
  JudgeContext judge() {
    return {.repository = *repository,
            .clock = sys::system_clock(),
            .identity = {"T\u00e9st User", "test@example.com"},
            .worktrees = ledger->directory() / "worktrees",
            .trials = judge_trials(),
            .root = repo.root(),
            .sandbox = exec::sandbox_works().has_value()};
  }
  std::filesystem::path judge_trials() const { return ledger->directory() / "trials"; }
  Base base() { return must(read_base(*repository, repo.rev("HEAD"), kPath)); }
  /// As `oe trust` does, of what HEAD has; the files of the working tree must be those of HEAD.
  void trust_base() {
    const auto reading = base().reading;
    must(trust.add(must(exec::content_digest(reading.graph, reading.document.text(), repo.root() / "flows")), "trust"));
  }
  /// With trust, and in the sandbox, but on a machine that has none.
  EvolveReport evolved(EvolveOptions options = {}) {
    reopen();
    trust_base();
    options.sandbox = exec::sandbox_works().has_value();
    return must(evolve(context(), options));
  }

  /// What became of the proposal of one operation; a test failure when there is none.
  static Judged judged(const EvolveReport& report, std::string_view operation) {
    for (const Judged& one : report.proposals) {
      if (operation_name(one.proposal.operation) == operation) return one;
    }
    ADD_FAILURE() << "no " << operation;
    return {};
  }
  ledger::ProposalRecord record(const Fingerprint& fingerprint) {
    return must(find_proposal(*ledger, fingerprint.text));
  }
  void edit(const std::string& path, const std::string& what, const std::string& with) {
    std::string text = repo.read(path);
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    repo.write(path, text.replace(at, what.size(), with));
  }
  /// All that belongs to the user: the working tree and git's own files, without what oe may write.
  std::map<std::string, std::string> users_things() const {
    auto files = git::snapshot(repo.root());
    std::erase_if(files, [](const auto& file) {
      for (const char* ours :
           {".openexpertise", ".git/objects", ".git/refs/oe", ".git/refs/heads/oe", ".git/logs/refs/heads/oe", ".git/worktrees"}) {
        if (file.first.starts_with(ours)) return true;
      }
      return false;
    });
    return files;
  }

  static constexpr const char* kPath = "flows/experience.yaml";
  git::TempRepo repo;
  ledger::TrustStore trust{repo.home() / "trusted"};
  std::unique_ptr<ledger::Ledger> ledger;
  git::Place place;
  std::unique_ptr<git::Repository> repository;
};

}  // namespace oe::evolve::test
