#include "oe/git/exchange.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"


namespace oe::git {
namespace {

/// Fewer objects than that are put into the object store one by one, as git's own default for pushes is.
constexpr const char* kUnpackLimit = "fastimport.unpackLimit=50";

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<Oid> ids_in(const std::string& text, std::size_t word) {
  std::vector<Oid> ids;
  for (const std::string& line : split(text, '\n')) {
    const std::vector<std::string> words = split(line, ' ');
    if (words.size() > word && !words[word].empty()) ids.push_back(Oid{words[word]});
  }
  return ids;
}

}  // namespace

Result<std::string> find_remote(const Place& place, const std::string& name) {
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = {"remote"}}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "listing the remotes", answer));
  std::vector<std::string> remotes = split(answer.out, '\n');
  std::erase(remotes, "");
  const auto has = [&](const std::string& wanted) { return std::ranges::find(remotes, wanted) != remotes.end(); };
  if (!name.empty() && has(name)) return name;
  if (name.empty() && has("origin")) return std::string("origin");
  if (name.empty() && remotes.size() == 1) return remotes.front();
  if (remotes.empty()) return fail(ErrorKind::input, "this repository has no remote", "git remote add origin URL");
  return fail(ErrorKind::input, name.empty() ? "there is no remote 'origin'" : fmt::format("there is no remote '{}'", name),
              "there are: " + join(remotes, ", "));
}

Result<void> fetch_refs(const Place& place, const std::string& remote, const std::vector<std::string>& refspecs) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root,
                  .arguments = with({"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
                                     "--no-recurse-submodules", "--end-of-options", remote},
                                    refspecs)}));
  if (answer.code == 0) return {};
  return fail(git_error(ErrorKind::environment, "fetching from " + remote, answer, "try it: git fetch " + remote));
}

Result<bool> push_refs(const Place& place, const std::string& remote, const std::vector<std::string>& refspecs) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root,
                  .arguments = with({"push", "--porcelain", "--atomic", "--no-verify", "--no-follow-tags",
                                     "--recurse-submodules=no", "--end-of-options", remote},
                                    refspecs)}));
  if (answer.code == 0) return true;
  const bool has_moved_on = answer.out.find("[rejected]") != std::string::npos ||
                            answer.out.find("cannot lock ref") != std::string::npos ||
                            answer.err.find("cannot lock ref") != std::string::npos;
  if (has_moved_on) return false;
  return fail(git_error(ErrorKind::environment, "pushing to " + remote, answer, "try it: git push --dry-run " + remote));
}

Result<void> import_stream(const Place& place, std::string stream) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root,
                  .arguments = {"-c", kUnpackLimit, "fast-import", "--quiet", "--done"},
                  .input = std::move(stream) + "done\n"}));
  if (answer.code == 0) return {};
  return fail(git_error(ErrorKind::environment, "writing objects", answer));
}

Result<std::vector<Oid>> commits_with_trailer(const Place& place, const std::string& key) {
  if (!place.head) return std::vector<Oid>();
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root,
                  .arguments = {"log", "--format=%H", "--fixed-strings", "--grep=" + key + ": ", "HEAD", "--branches",
                                "--remotes"}}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "reading the history", answer));
  return ids_in(answer.out, 0);
}

Result<std::vector<Oid>> noted_commits(const Place& place, const std::string& ref) {
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root, .arguments = {"notes", "--ref=" + ref, "list"}}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "listing the notes of " + ref, answer));
  return ids_in(answer.out, 1);
}

Result<std::vector<Identity>> authors_between(const Place& place, const Oid& older, const Oid& newer) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root,
                  .arguments = {"log", "--no-merges", "--format=%an%x00%ae", older.text + ".." + newer.text, "--"}}));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "reading the history of " + newer.text, answer));
  std::vector<std::string> lines = split(answer.out, '\n');
  std::erase(lines, "");
  std::ranges::sort(lines);
  lines.erase(std::ranges::unique(lines).begin(), lines.end());
  std::vector<Identity> authors;
  for (const std::string& line : lines) {
    const std::size_t middle = line.find('\0');
    if (middle != std::string::npos) authors.push_back({line.substr(0, middle), line.substr(middle + 1)});
  }
  return authors;
}

Result<bool> is_ancestor(const Place& place, const Oid& older, const Oid& newer) {
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = {"merge-base", "--is-ancestor", older.text, newer.text}}));
  if (answer.code > 1)
    return fail(git_error(ErrorKind::environment, fmt::format("comparing {} with {}", older.text, newer.text), answer));
  return answer.code == 0;
}

}  // namespace oe::git
