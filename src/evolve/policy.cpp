#include "oe/evolve/policy.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <set>

#include "oe/base/box.hpp"
#include "oe/base/text.hpp"

#include "evolve/policy_evaluators.hpp"
#include "evolve/policy_glob.hpp"
#include "evolve/policy_names.hpp"

namespace oe::evolve {

namespace {

tl::unexpected<Error> refused(const std::string& path, std::string_view why, std::string hint = {}) {
  return fail(ErrorKind::failed, fmt::format("a proposal may not touch {}: {}", ellipsis(path, 200), why),
              std::move(hint));
}

Result<void> check_parts(const std::string& path) {
  for (const std::string& part : split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return refused(path, "it leads to another place");
    if (const std::string_view fault = fault_of_name(part); !fault.empty()) return refused(path, fault);
  }
  return {};
}

// A glob without a "/" is about names at any depth.
bool is_denied(const std::string& glob, const std::string& own) {
  const std::string compared = path_as_compared(glob), path = path_as_compared(own);
  if (compared.find('/') != std::string::npos) return fits_glob_or_is_below(compared, path);
  const std::vector<std::string> names = split(path, '/');
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return fits_glob(compared, name); });
}

Result<void> check_entries(const Policy& policy, const std::string& path, const std::string& own) {
  for (const std::string& glob : policy.deny) {
    if (is_denied(glob, own)) return refused(path, fmt::format("the policy denies '{}'", glob));
  }
  for (const std::string& glob : default_denials()) {
    if (std::find(policy.lift.begin(), policy.lift.end(), glob) != policy.lift.end()) continue;
    if (is_denied(glob, own)) return refused(path, fmt::format("'{}' is denied by default", glob));
  }
  const auto allows = [&](const std::string& glob) { return fits_glob(glob, own); };
  if (std::any_of(policy.allow.begin(), policy.allow.end(), allows)) return {};
  return refused(path, "the policy does not allow it");
}

Result<void> check_path(const Policy& policy, const std::string& directory, const std::string& path) {
  const std::string start = directory.empty() ? "" : directory + "/";
  if (const auto bad = invalid_utf8(path)) {
    return fail(ErrorKind::failed, fmt::format("a path of the patch is not valid UTF-8 at byte {}", *bad));
  }
  if (!path.starts_with(start)) {
    return fail(ErrorKind::failed,
                fmt::format("{} is outside the workflow's directory '{}'", ellipsis(path, 200), directory));
  }
  OE_CHECK(check_parts(path));
  return check_entries(policy, path, path.substr(start.size()));
}

/// Whether a patch may take a file away. A revert may: its contract knows which files the change has made.
enum class Deletion { refused, allowed };

Result<void> check_bytes(const git::FileChange& file, Deletion deletion) {
  if (!file.bytes && deletion == Deletion::allowed) return {};
  if (!file.bytes) return fail(ErrorKind::failed, "a proposal may not delete " + file.path);
  if (file.mode != 0100644 && file.mode != 0100755) {
    return fail(ErrorKind::failed, fmt::format("{} is no plain file (mode {:o})", file.path, file.mode));
  }
  if (const std::size_t nul = file.bytes->find('\0'); nul != std::string::npos) {
    return fail(ErrorKind::failed, fmt::format("{} is no text: it has a NUL byte at {}", file.path, nul));
  }
  if (const auto bad = invalid_utf8(*file.bytes)) {
    return fail(ErrorKind::failed, fmt::format("{} is no text: it is not valid UTF-8 at byte {}", file.path, *bad));
  }
  return {};
}

/// A workflow's directory, relative to the root, and the files in it that judges work with.
struct JudgeFiles {
  std::string directory;
  std::set<std::string> evaluators;
};

JudgeFiles judge_files_of(const Base& base) {
  return {base.directory, evaluator_files(base.reading.graph)};
}

Result<void> check_file(const Policy& policy, const JudgeFiles& judge, const git::FileChange& file,
                        Deletion deletion = Deletion::refused) {
  OE_CHECK(check_path(policy, judge.directory, file.path));
  OE_CHECK(check_bytes(file, deletion));
  const std::string start = judge.directory.empty() ? "" : judge.directory + "/";
  const std::string compared = path_as_compared(file.path);
  const auto is_this = [&](const std::string& own) { return path_as_compared(start + own) == compared; };
  if (std::any_of(judge.evaluators.begin(), judge.evaluators.end(), is_this)) {
    return refused(file.path, "a metric of the workflow is worked out with it");
  }
  return {};
}

Result<void> check_names(const Patch& patch) {
  if (patch.files.empty()) return fail(ErrorKind::failed, "the patch changes nothing");
  std::set<std::string> seen;
  for (const git::FileChange& file : patch.files) {
    if (!seen.insert(path_as_compared(file.path)).second)
      return refused(file.path, "the patch has it twice, or in another case");
  }
  return {};
}

// The nearest workflow above a path; one that cannot be read judges nothing.
JudgeFiles judge_files_around(const git::Repository& repository, const git::Oid& commit, const std::string& path) {
  for (std::size_t slash = path.rfind('/');; slash = path.rfind('/', slash - 1)) {
    const std::string directory = slash == std::string::npos ? "" : path.substr(0, slash);
    const std::string workflow = directory.empty() ? "experience.yaml" : directory + "/experience.yaml";
    if (const auto base = read_base(repository, commit, workflow)) return judge_files_of(*base);
    if (const auto blob = repository.read(commit, workflow); blob && *blob) return {directory, {}};
    if (slash == std::string::npos || slash == 0) return {};
  }
}

Result<void> check_judge(const graph::Graph& graph, const AddNode& add) {
  std::vector<std::string> writes;
  const Value list = add.insert.node.get("writes");
  for (std::size_t i = 0; i < list.size(); ++i) writes.push_back(Value(list.json()[i]).string_or(""));
  const std::string field = overwritten_metric_field(graph, writes);
  if (field.empty()) return {};
  return fail(ErrorKind::failed,
              fmt::format("the new node would write {}, which a metric of the workflow reads", field),
              "a proposal may not change what it is judged by");
}

std::size_t lines_changed(std::string_view diff) {
  std::size_t count = 0;
  bool in_hunk = false;
  for (const std::string& line : split(diff, '\n')) {
    if (line.starts_with("diff --git ")) in_hunk = false;
    if (line.starts_with("@@ ")) in_hunk = true;
    if (in_hunk && (line.starts_with('+') || line.starts_with('-'))) ++count;
  }
  return count;
}

Result<void> check_limit(std::string_view what, std::size_t has, std::size_t most) {
  if (has <= most) return {};
  return fail(ErrorKind::failed, fmt::format("{} {}; {} are allowed", what, has, most),
              "`limits` in .openexpertise/policy.yaml says how large a proposal may be");
}

Result<void> check_size(const PatchLimits& limits, const Patch& patch, std::string_view diff) {
  OE_CHECK(check_limit("files changed:", patch.files.size(), limits.files));
  OE_CHECK(check_limit("bytes in the diff:", diff.size(), limits.diff_bytes));
  OE_CHECK(check_limit("lines changed:", lines_changed(diff), limits.lines));
  for (const git::FileChange& file : patch.files) {
    OE_CHECK(
        check_limit(fmt::format("bytes in {}:", file.path), file.bytes ? file.bytes->size() : 0, limits.file_bytes));
  }
  return {};
}

}  // namespace

const PatchLimits& Policy::limits(const Operation& operation) const {
  return *std::visit(
      overloaded{[this](const TuneParam&) { return &tune_param; }, [this](const AddNode&) { return &add_node; },
                 [this](const AddDatasetCase&) { return &add_dataset_case; },
                 [this](const Revert&) { return &revert; }},
      operation);
}

PatchLimits Policy::widest_limits() const {
  PatchLimits widest = tune_param;
  for (const PatchLimits& limits : {add_node, add_dataset_case}) {
    widest.files = std::max(widest.files, limits.files);
    widest.lines = std::max(widest.lines, limits.lines);
    widest.diff_bytes = std::max(widest.diff_bytes, limits.diff_bytes);
    widest.file_bytes = std::max(widest.file_bytes, limits.file_bytes);
  }
  return widest;
}

const std::vector<std::string>& default_denials() {
  static const std::vector<std::string> names = {".git*",
                                                 ".ci",
                                                 ".circleci",
                                                 ".cirrus.yml",
                                                 ".travis.yml",
                                                 ".woodpecker*",
                                                 ".drone.yml",
                                                 ".buildkite",
                                                 ".forgejo",
                                                 ".gitea",
                                                 "jenkinsfile",
                                                 "azure-pipelines*",
                                                 ".azure-pipelines",
                                                 "bitbucket-pipelines.yml",
                                                 "*appveyor.yml",
                                                 "cloudbuild.y*ml",
                                                 "codeowners",
                                                 "renovate.json*",
                                                 "*.lock",
                                                 "*.lockb",
                                                 "*.lockfile",
                                                 "package-lock.json",
                                                 "npm-shrinkwrap.json",
                                                 "pnpm-lock.yaml",
                                                 "packages.lock.json",
                                                 "package.resolved",
                                                 "go.sum",
                                                 ".npmrc",
                                                 ".yarnrc*",
                                                 ".pypirc",
                                                 ".netrc",
                                                 ".env",
                                                 ".env.*",
                                                 ".envrc",
                                                 ".vscode",
                                                 ".idea",
                                                 ".devcontainer*",
                                                 "agents.md",
                                                 "claude.md",
                                                 "gemini.md",
                                                 ".claude",
                                                 ".codex",
                                                 ".cursor*",
                                                 ".gemini",
                                                 ".mcp.json"};
  return names;
}

Result<void> check_policy(const Policy& policy, const Base& base, const Operation& operation, const Patch& patch,
                          std::string_view diff) {
  const JudgeFiles judge = judge_files_of(base);
  const Deletion deletion = std::holds_alternative<Revert>(operation) ? Deletion::allowed : Deletion::refused;
  for (const git::FileChange& file : patch.files) OE_CHECK(check_file(policy, judge, file, deletion));
  OE_CHECK(check_names(patch));
  if (const auto* add = std::get_if<AddNode>(&operation)) OE_CHECK(check_judge(base.reading.graph, *add));
  return check_size(policy.limits(operation), patch, diff);
}

Result<std::optional<PolicyRefusal>> refusal_by_policy(const git::Repository& repository, const git::Oid& commit,
                                                       const std::filesystem::path& root, const Patch& patch,
                                                       std::string_view diff) {
  OE_TRY(const Policy policy, read_policy(repository, commit, root));
  for (const git::FileChange& file : patch.files) {
    const auto fine = check_file(policy, judge_files_around(repository, commit, file.path), file);
    if (!fine) return PolicyRefusal{file.path, fine.error()};
  }
  auto fine = check_names(patch);
  if (fine) fine = check_size(policy.widest_limits(), patch, diff);
  return fine ? std::nullopt : std::optional(PolicyRefusal{"", fine.error()});
}

}  // namespace oe::evolve
