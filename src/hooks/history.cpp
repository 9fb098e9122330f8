#include "oe/hooks/history.hpp"

#include <algorithm>
#include <map>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/git/exchange.hpp"
#include "oe/git/program.hpp"
#include "oe/sys/file.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

namespace {

constexpr const char* kMostCommits = "1000";

Result<std::string> run(const git::Place& place, std::vector<std::string> arguments, std::string input = {}) {
  OE_TRY(git::GitAnswer answer,
         git::run_git({.directory = place.root, .arguments = std::move(arguments), .input = std::move(input)}));
  return answer.code == 0 ? std::move(answer.out) : std::string();
}

// A commit that is not here is in nobody's history.
bool is_in_history(const git::Place& place, const std::string& commit, const std::string& head) {
  return git::is_ancestor(place, {commit}, {head}).value_or(false);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  std::erase_if(lines, [](const std::string& line) { return line.empty(); });
  return lines;
}

/// Patch id -> commit, of what `git log -p` or `git diff-tree -p` gives.
Result<std::map<std::string, std::string>> patch_ids(const git::Place& place, std::string diffs) {
  OE_TRY(const std::string lines, run(place, {"patch-id", "--stable"}, std::move(diffs)));
  std::map<std::string, std::string> ids;
  for (const std::string& line : lines_of(lines)) {
    const std::size_t blank = line.find(' ');
    if (blank != std::string::npos) ids.emplace(line.substr(0, blank), line.substr(blank + 1));
  }
  return ids;
}

Result<std::vector<std::string>> touched_files(const git::Place& place, const std::string& commit) {
  OE_TRY(const std::string names, run(place, {"diff-tree", "-r", "-z", "--no-renames", "--name-only", "--no-commit-id", commit}));
  std::vector<std::string> files = split(names, '\0');
  std::erase(files, "");
  return files;
}

// Squash merges of forges put the messages of the commits into theirs, some indented.
Result<std::optional<Landed>> by_trailer(const git::Place& place, const std::string& range, const Waiting& waiting) {
  const std::string trailer = "Oe-Proposal: " + waiting.fingerprint;
  OE_TRY(const std::string text, run(place, {"log", "-n", kMostCommits, "--fixed-strings", "--grep", trailer,
                                             "--format=%x00%H%n%B", range}));
  for (const std::string& commit : split(text, '\0'))
    for (const std::string& line : split(commit, '\n'))
      if (trim(line) == trailer) return Landed{waiting.fingerprint, commit.substr(0, commit.find('\n')), "trailer"};
  return std::nullopt;
}

Result<std::optional<Landed>> by_patch(const git::Place& place, const std::string& range, const Waiting& waiting) {
  const std::vector<std::string> plain = {"-p", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "-U3"};
  std::vector<std::string> own = {"diff-tree"};
  own.insert(own.end(), plain.begin(), plain.end());
  own.push_back(waiting.commit);
  OE_TRY(std::string own_diff, run(place, std::move(own)));
  OE_TRY(const auto wanted, patch_ids(place, std::move(own_diff)));
  if (wanted.empty()) return std::nullopt;
  OE_TRY(const std::vector<std::string> files, touched_files(place, waiting.commit));
  std::vector<std::string> log = {"--literal-pathspecs", "log", "-n", kMostCommits, "--format=commit %H"};
  log.insert(log.end(), plain.begin(), plain.end());
  log.insert(log.end(), {range, "--"});
  log.insert(log.end(), files.begin(), files.end());
  OE_TRY(std::string diffs, run(place, std::move(log)));
  OE_TRY(const auto found, patch_ids(place, std::move(diffs)));
  const auto same = found.find(wanted.begin()->first);
  return same == found.end() ? std::nullopt : std::optional(Landed{waiting.fingerprint, same->second, "patch"});
}

Result<std::optional<Landed>> look_for(const git::Place& place, const std::string& head, const Waiting& waiting) {
  if (is_in_history(place, waiting.commit, head)) return Landed{waiting.fingerprint, waiting.commit, "merge"};
  const std::string range = waiting.base + ".." + head;
  OE_TRY(std::optional<Landed> found, by_trailer(place, range, waiting));
  return found ? Result<std::optional<Landed>>(std::move(found)) : by_patch(place, range, waiting);
}

fs::path looked_file(const fs::path& ledger) {
  return ledger / "looked";
}

/// Of each working tree.
std::vector<fs::path> git_directories(const git::Place& place) {
  std::vector<fs::path> all = {place.common_dir};
  std::error_code error;
  for (fs::directory_iterator it(place.common_dir / "worktrees", error), end; !error && it != end; it.increment(error))
    all.push_back(it->path());
  return all;
}

/// Empty for an unborn one, and for a proposal that somebody looks at.
Result<std::string> head_of(const git::Place& place, const fs::path& git_directory) {
  const std::string git_dir = "--git-dir=" + git_directory.string();
  OE_TRY(const std::string branch, run(place, {git_dir, "symbolic-ref", "-q", "HEAD"}));
  if (branch.starts_with("refs/heads/oe/")) return std::string();
  OE_TRY(const std::string head, run(place, {git_dir, "rev-parse", "-q", "--verify", "HEAD^{commit}"}));
  return std::string(trim(head));
}

}  // namespace

Result<std::vector<Landed>> landed(const git::Place& place, const std::string& head, const std::vector<Waiting>& waiting) {
  std::vector<Landed> all;
  for (const Waiting& one : waiting) {
    OE_TRY(auto found, look_for(place, head, one));
    if (found) all.push_back(std::move(*found));
  }
  return all;
}

bool has_moved(const git::Place& place, const fs::path& ledger) {
  std::error_code error;
  const fs::file_time_type looked = fs::last_write_time(looked_file(ledger), error);
  if (error) return true;
  return std::ranges::any_of(git_directories(place), [&](const fs::path& directory) {
    std::error_code missing;
    const fs::file_time_type moved = fs::last_write_time(directory / "logs" / "HEAD", missing);
    return missing || moved >= looked;
  });
}

Result<void> take_history(const git::Place& place, const fs::path& ledger,
                          const std::function<Result<void>(const std::string& head)>& look) {
  OE_TRY(const auto lock, sys::FileLock::try_acquire(ledger / "looked.lock"));
  if (!lock) return {};
  // Its time is that of the begin, by the clock of the file system: what moves meanwhile is looked at by the next one.
  const fs::path fresh = ledger / "looked.new";
  OE_CHECK(sys::write_file(fresh, ""));
  for (const fs::path& directory : git_directories(place)) {
    OE_TRY(const std::string head, head_of(place, directory));
    if (!head.empty()) OE_CHECK(look(head));
  }
  std::error_code ignored;
  fs::rename(fresh, looked_file(ledger), ignored);
  return {};
}

std::vector<Pushed> pushed_proposals(const std::string& lines) {
  constexpr std::string_view kHeads = "refs/heads/";
  std::vector<Pushed> all;
  for (const std::string& line : lines_of(lines)) {
    const std::vector<std::string> words = split(line, ' ');
    const bool is_ours = words.size() == 4 && words[0].starts_with("refs/heads/oe/");
    if (is_ours) all.push_back({words[0].substr(kHeads.size()), words[1]});
  }
  return all;
}

Result<std::vector<std::string>> stale_files(const git::Place& place, const std::string& commit) {
  if (is_in_history(place, commit, "HEAD")) return std::vector<std::string>();
  OE_TRY(const std::string named, run(place, {"log", "-1", "--format=%(trailers:key=Oe-Base,valueonly)", commit}));
  const std::string base(trim(named));
  OE_TRY(const std::vector<std::string> files, touched_files(place, commit));
  if (base.empty() || files.empty()) return std::vector<std::string>();
  std::vector<std::string> diff = {"--literal-pathspecs", "diff", "--name-only", "--no-renames", "-z", base, "HEAD", "--"};
  diff.insert(diff.end(), files.begin(), files.end());
  OE_TRY(const std::string names, run(place, std::move(diff)));
  std::vector<std::string> stale = split(names, '\0');
  std::erase(stale, "");
  return stale;
}

}  // namespace oe::hooks
