#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <iterator>
#include <set>
#include <unistd.h>

#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"
#include "oe/exec/content.hpp"
#include "oe/git/program.hpp"
#include "oe/hooks/history.hpp"
#include "oe/hooks/message.hpp"
#include "oe/ledger/ledger.hpp"

#include "cli/commands.hpp"
#include "cli/staged.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;
using hooks::StagedTree;

constexpr std::string_view kHowToSkip = "to skip this check: git commit --no-verify, or OE_SKIP=1 git commit";

void print_errors(Io& io, const StagedWorkflow& workflow) {
  for (const Problem& problem : workflow.errors) io.note(to_string(problem));
  for (const std::string& file : workflow.unstaged)
    io.note(fmt::format("{} is there, and the commit does not have it: git add {}", file, shell_quote(file)));
}

/// Every file that a run of the workflow depends on, from the root of the working tree; nothing when one is elsewhere.
Result<std::optional<std::set<std::string>>> covered_files(const git::Place& place, const StagedWorkflow& workflow) {
  const fs::path directory = fs::path(workflow.path).parent_path();
  std::set<std::string> files = {workflow.path};
  for (const graph::Node& node : workflow.graph.nodes) {
    OE_TRY(const auto named, exec::files_of(node, place.root / directory));
    for (const auto& [path, digest] : named) {
      if (digest.empty()) continue;
      if (fs::path(path).is_absolute()) return std::nullopt;
      files.insert((directory / path).lexically_normal().generic_string());
    }
  }
  return files;
}

/// Whether the files on the disk are those of the index.
Result<bool> are_staged(const git::Place& place, const StagedTree& tree, const std::set<std::string>& files) {
  StagedTree::Look look;
  for (const std::string& file : files) tree.kind(file, look);
  if (std::ranges::any_of(look.lines, [](const std::string& line) { return line.front() == '!'; })) return false;
  git::GitCall call{.directory = place.root, .arguments = {"--literal-pathspecs", "diff-files", "--quiet", "--"}};
  call.arguments.insert(call.arguments.end(), files.begin(), files.end());
  OE_TRY(const git::GitAnswer answer, git::run_git(std::move(call)));
  return answer.code == 0;
}

/// The run of what the commit will have of this workflow. A run is of the files on the disk, so they must be the same.
Result<std::optional<hooks::RunNote>> run_note_of(const git::Place& place, const StagedTree& tree,
                                                  const StagedWorkflow& workflow) {
  const fs::path ledger = ledger::directory_of(place.main_root);
  if (!hooks::has_run_of(ledger, sha256_hex(workflow.text))) return std::nullopt;
  OE_TRY(const bool is_of_commit, tree.differs_from_head(workflow.looked.lines));
  if (!is_of_commit) return std::nullopt;
  OE_TRY(const auto files, covered_files(place, workflow));
  if (!files) return std::nullopt;
  OE_TRY(const bool is_same, are_staged(place, tree, *files));
  if (!is_same) return std::nullopt;
  const fs::path directory = place.root / fs::path(workflow.path).parent_path();
  OE_TRY(const std::string content, exec::content_digest(workflow.graph, workflow.text, directory));
  const auto run = hooks::run_of(ledger, content);
  if (!run) return std::nullopt;
  StagedTree::Look look;
  for (const std::string& file : *files) tree.kind(file, look);
  return hooks::RunNote{*run, {workflow.looked.workflow, {look.lines.begin(), look.lines.end()}}};
}

Result<void> note_runs(const git::Place& place, const StagedTree& tree, const std::vector<StagedWorkflow>& workflows) {
  std::vector<hooks::RunNote> notes;
  for (const StagedWorkflow& workflow : workflows) {
    OE_TRY(auto note, run_note_of(place, tree, workflow));
    if (note) notes.push_back(std::move(*note));
  }
  return hooks::leave_runs(place, notes);
}

Result<int> pre_commit(Io& io, const std::vector<std::string>&) {
  OE_TRY(const git::Place place, hooks::place_of_hook());
  OE_TRY(const StagedTree tree, StagedTree::open(place));
  OE_TRY(const auto workflows, look_at_staged(place, tree));
  std::size_t stopping = 0;
  for (const StagedWorkflow& workflow : workflows) {
    if (workflow.stops) print_errors(io, workflow);
    stopping += workflow.stops;
    if (!workflow.errors.empty() && !workflow.stops)
      io.note(fmt::format("oe: {0} has errors, which this commit leaves as they are: oe validate {0}", workflow.path));
  }
  if (stopping == 0) return note_runs(place, tree, workflows).map([] { return 0; });
  io.note(fmt::format("oe: the commit was stopped: {} staged workflow{} not valid\n{}", stopping,
                      stopping == 1 ? " is" : "s are", kHowToSkip));
  return 1;
}

Result<std::vector<std::string>> runs_of_commit(const git::Place& place) {
  OE_TRY(const StagedTree tree, StagedTree::open(place));
  return hooks::noted_runs(place, tree);
}

Result<int> prepare_commit_msg(Io&, const std::vector<std::string>& words) {
  if (words.size() < 2) return 0;
  OE_TRY(const git::Place place, hooks::place_of_hook());
  OE_TRY(const auto runs, runs_of_commit(place));
  OE_CHECK(hooks::prepare_message(place, {words[1], words.size() > 2 ? words[2] : ""}, runs));
  return 0;
}

Result<int> commit_msg(Io&, const std::vector<std::string>& words) {
  if (words.size() < 2) return 0;
  OE_TRY(const git::Place place, hooks::place_of_hook());
  OE_TRY(const auto runs, runs_of_commit(place));
  OE_CHECK(hooks::finish_message(place, words[1], runs));
  return 0;
}

std::string standard_input() {
  std::string all;
  std::array<char, 4096> piece{};
  for (ssize_t size = 0; (size = ::read(STDIN_FILENO, piece.data(), piece.size())) > 0;)
    all.append(piece.data(), static_cast<std::size_t>(size));
  return all;
}

/// Warns, unless `git config oe.stalePush block` says more.
Result<int> pre_push(Io& io, const std::vector<std::string>&) {
  OE_TRY(const git::Place place, hooks::place_of_hook());
  bool is_stale = false;
  for (const hooks::Pushed& pushed : hooks::pushed_proposals(standard_input())) {
    OE_TRY(const auto files, hooks::stale_files(place, pushed.commit));
    if (files.empty()) continue;
    is_stale = true;
    io.note(fmt::format("oe: {}: its proof is stale: {} changed since; oe evolve proves it again", pushed.branch,
                        join(files, ", ")));
  }
  if (!is_stale) return 0;
  OE_TRY(const git::GitAnswer blocks,
         git::run_git({.directory = place.root, .arguments = {"config", "--get", "oe.stalePush"}}));
  if (trim(blocks.out) != "block") return 0;
  io.note("oe: the push was stopped, as oe.stalePush says; to push all the same: git push --no-verify");
  return 1;
}

struct HookAction {
  std::string_view name;
  Result<int> (*run)(Io&, const std::vector<std::string>&);
};
constexpr std::array kActions = {HookAction{"pre-commit", pre_commit}, HookAction{"prepare-commit-msg", prepare_commit_msg},
                                 HookAction{"commit-msg", commit_msg}, HookAction{"pre-push", pre_push}};

}  // namespace

Result<int> run_hook(Io& io, const HookRunOptions& options) {
  const std::string name = options.words.empty() ? "" : options.words.front();
  const auto action = std::ranges::find(kActions, name, &HookAction::name);
  if (action != kActions.end()) return action->run(io, options.words);
  return fail(ErrorKind::usage, fmt::format("oe has nothing to do in a hook '{}'", name), "oe hooks install puts in those that it knows");
}

}  // namespace oe::cli
