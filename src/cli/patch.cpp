#include "oe/patch/patch.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/evolve/policy.hpp"
#include "oe/git/repository.hpp"
#include "oe/sys/file.hpp"

#include "cli/commands.hpp"
#include "cli/inputs.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t kMostBytes = std::size_t{4} << 20;

/// A commit to hold texts against.
struct Ground {
  std::unique_ptr<git::Repository> repository;
  git::Oid commit;
  std::filesystem::path root;  ///< of the main working tree
};

Result<Ground> stand_on(const std::string& revision) {
  OE_TRY(const git::Place place, git::find_place("."));
  OE_TRY(git::Oid commit, git::commit_of(place, revision));
  OE_TRY(auto repository, git::open_repository(place));
  return Ground{std::move(repository), std::move(commit), place.main_root};
}

void add_paths(const Ground& ground, const std::string& directory, std::vector<std::string>& paths) {
  const auto names = ground.repository->list(ground.commit, directory);
  if (!names) return;
  for (const std::string& name : *names) {
    const std::string path = directory.empty() ? name : directory + "/" + name;
    if (path.ends_with('/'))
      add_paths(ground, path.substr(0, path.size() - 1), paths);
    else
      paths.push_back(path);
  }
}

patch::Tree tree_of(const Ground& ground) {
  return {.read = [&ground](const std::string& path) -> std::optional<std::string> {
            auto blob = ground.repository->read(ground.commit, path);
            return blob && *blob ? std::optional(std::move((*blob)->bytes)) : std::nullopt;
          },
          .paths = [&ground] {
            std::vector<std::string> paths;
            add_paths(ground, "", paths);
            return paths;
          }};
}

/// What a text came to.
using Outcome = tl::expected<patch::Patch, patch::Refusal>;

Result<Outcome> operate_on(const Ground& ground, const PatchOptions& options) {
  OE_TRY(const std::string text,
         options.file == "-" ? read_standard_input(kMostBytes) : sys::read_file(options.file, kMostBytes));
  return patch::operate({.text = text, .target = options.target, .most_bytes = kMostBytes}, tree_of(ground));
}

/// A change that has its place, as git writes it, and what the policy has against it.
struct Change {
  std::string diff;  ///< empty when the policy refuses a file
  std::optional<evolve::PolicyRefusal> refusal;
};

// Written as a tree that no ref names, and compared by git's own differ.
Result<std::string> diff_of(const Ground& ground, const evolve::Patch& patch) {
  std::vector<std::string> touched;
  for (const git::FileChange& file : patch.files) touched.push_back(file.path);
  OE_TRY(const git::Oid tree, ground.repository->write_tree(ground.commit, patch.files));
  return ground.repository->diff(ground.commit, tree, touched);
}

Result<Change> change_of(const Ground& ground, const patch::Patch& found) {
  const auto refusal = [&](const evolve::Patch& patch, std::string_view diff) {
    return evolve::refusal_by_policy(*ground.repository, ground.commit, ground.root, patch, diff);
  };
  Change change;
  evolve::Patch patch;
  for (const patch::FileEdit& file : found.files) {
    const auto blob = ground.repository->read(ground.commit, file.path);
    if (!blob) return Change{{}, evolve::PolicyRefusal{file.path, blob.error()}};  // a link, a submodule, a folder
    patch.files.push_back({.path = file.path, .bytes = file.after, .mode = *blob ? (*blob)->mode : 0100644});
  }
  OE_TRY(change.refusal, refusal(patch, ""));  // before anything is written
  if (change.refusal) return change;
  OE_TRY(change.diff, diff_of(ground, patch));
  OE_TRY(change.refusal, refusal(patch, change.diff));
  return change;
}

std::vector<std::string> names_of(const std::vector<patch::Rung>& rungs) {
  std::vector<std::string> names;
  for (const patch::Rung rung : rungs) names.emplace_back(patch::to_string(rung));
  return names;
}

Json to_json(const patch::Refusal& refusal) {
  Json candidates = Json::array();
  for (const patch::Place& place : refusal.candidates)
    candidates.push_back({{"path", place.path}, {"line", place.line}, {"block", place.block}, {"lines", place.lines}});
  return {{"v", 1},
          {"applies", false},
          {"reason", patch::to_string(refusal.reason)},
          {"hunk", refusal.hunk},
          {"path", refusal.path},
          {"message", refusal.message},
          {"candidates", std::move(candidates)}};
}

Json to_json(const patch::Patch& patch, const Change& change) {
  Json files = Json::array();
  for (const patch::FileEdit& file : patch.files)
    files.push_back({{"path", file.path}, {"is_new", !file.before.has_value()}});
  Json document = {{"v", 1},
                   {"applies", true},
                   {"allowed", !change.refusal.has_value()},
                   {"grade", patch::to_string(patch.grade)},
                   {"rungs", names_of(patch.rungs)},
                   {"files", std::move(files)},
                   {"diff", change.diff}};
  if (!change.refusal) return document;
  document["reason"] = "policy";
  document["path"] = change.refusal->path;
  document["message"] = change.refusal->why.message();
  document["hint"] = change.refusal->why.hint();
  return document;
}

Error error_of(const evolve::PolicyRefusal& refusal) {
  return Error(ErrorKind::failed, "the policy refuses it: " + refusal.why.message(),
               refusal.why.hint().empty() ? "docs/policy.md says what .openexpertise/policy.yaml may allow"
                                          : refusal.why.hint());
}

Error error_of(const patch::Refusal& refusal) {
  return Error(ErrorKind::failed, std::string(trim(patch::to_text(refusal))));
}

void print(Io& io, const patch::Patch& patch) {
  std::vector<std::string> mended = names_of(patch.rungs);
  std::erase(mended, "exact");
  io.line(fmt::format("{}{}", io.paint(patch.grade == patch::Grade::low ? Colour::yellow : Colour::green,
                                       patch::to_string(patch.grade)),
                      mended.empty() ? "" : ": " + join(mended, ", ")));
  for (const patch::FileEdit& file : patch.files)
    io.line(fmt::format("  {} {}", file.before ? "changes" : "adds", file.path));
}

}  // namespace

Result<int> check_patch(Io& io, const PatchOptions& options) {
  OE_TRY(const Ground ground, stand_on(options.base));
  OE_TRY(const Outcome outcome, operate_on(ground, options));
  if (!outcome && options.json) io.json(to_json(outcome.error()));
  if (!outcome && !options.json) return fail(error_of(outcome.error()));
  if (!outcome) return exit_code(ErrorKind::failed);
  OE_TRY(const Change change, change_of(ground, *outcome));
  options.json ? io.json(to_json(*outcome, change)) : print(io, *outcome);
  if (!change.refusal) return 0;
  if (!options.json) return fail(error_of(*change.refusal));
  return exit_code(ErrorKind::failed);
}

Result<int> apply_patch(Io& io, const PatchOptions& options) {
  OE_TRY(const Ground ground, stand_on(options.base));
  OE_TRY(const Outcome outcome, operate_on(ground, options));
  if (!outcome) return fail(error_of(outcome.error()));
  OE_TRY(Change change, change_of(ground, *outcome));
  if (change.refusal) return fail(error_of(*change.refusal));
  if (change.diff.ends_with('\n')) change.diff.pop_back();  // line() writes it
  io.line(change.diff);
  return 0;
}

}  // namespace oe::cli
