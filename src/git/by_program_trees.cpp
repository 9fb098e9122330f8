#include <fmt/format.h>

#include "oe/base/text.hpp"

#include "git/by_program.hpp"
#include "git/tree_path.hpp"

namespace oe::git {
namespace {

tl::unexpected<Error> refuse_change(const FileChange& change, const std::string& why) {
  return fail(ErrorKind::failed, fmt::format("cannot change '{}' in the tree: {}", change.path, why));
}

std::string words_for(const std::string& mode) {
  if (mode == "040000") return "a directory";
  if (mode == "120000") return "a symbolic link";
  return mode == "160000" ? "a submodule" : "a file, not a directory";
}

bool is_file(const std::string& mode) {
  return mode == "100644" || mode == "100755";
}

}  // namespace

Result<void> ProgramRepository::check_against(const Oid& base, const FileChange& change) const {
  for (std::size_t end = change.path.find('/');; end = change.path.find('/', end + 1)) {
    const std::string above = change.path.substr(0, end);
    OE_TRY(const auto entry, entry_at(base, above));
    if (!entry) break;
    const bool is_last = end == std::string::npos;
    if (is_last && is_file(entry->mode)) return {};
    if (is_last) return refuse_change(change, fmt::format("it is {} there", words_for(entry->mode)));
    if (entry->mode != "040000") return refuse_change(change, fmt::format("'{}' is {}", above, words_for(entry->mode)));
  }
  if (!change.bytes) return refuse_change(change, "there is no such file to take out");
  return {};
}

Result<std::string> ProgramRepository::write_blob(const std::string& bytes) {
  OE_TRY(const std::string id, ask("writing a file", {"hash-object", "-w", "--no-filters", "--stdin"}, bytes));
  return std::string(trim(id));
}

Result<std::string> ProgramRepository::write_entries(const Entries& entries) {
  std::string text;
  for (const auto& [name, entry] : entries)
    text += fmt::format("{} {} {}\t{}", entry.mode, entry.type, entry.id, name) + '\0';
  OE_TRY(const std::string id, ask("writing a tree", {"mktree", "-z"}, std::move(text)));
  return std::string(trim(id));
}

Result<std::optional<std::string>> ProgramRepository::changed_tree(const std::optional<std::string>& tree,
                                                                   const std::vector<FileChange>& changes) {
  OE_TRY(Entries all, tree ? entries(*tree) : Result<Entries>(Entries()));
  std::map<std::string, std::vector<FileChange>> below;
  for (const FileChange& change : changes) {
    const std::size_t slash = change.path.find('/');
    if (slash != std::string::npos) {
      FileChange inner = change;
      inner.path = change.path.substr(slash + 1);
      below[change.path.substr(0, slash)].push_back(std::move(inner));
    } else if (!change.bytes) {
      all.erase(change.path);
    } else {
      OE_TRY(const std::string blob, write_blob(*change.bytes));
      all[change.path] = {change.mode == 0100755 ? "100755" : "100644", "blob", blob};
    }
  }
  for (const auto& [name, inner] : below) {
    const auto found = all.find(name);
    const auto before = found == all.end() ? std::nullopt : std::optional(found->second.id);
    OE_TRY(const auto after, changed_tree(before, inner));
    if (after)
      all[name] = {"040000", "tree", *after};
    else
      all.erase(name);
  }
  if (all.empty()) return std::nullopt;
  OE_TRY(std::string written, write_entries(all));
  return std::optional(std::move(written));
}

Result<Oid> ProgramRepository::write_tree(const Oid& commit, const std::vector<FileChange>& changes) {
  OE_CHECK(check_changes(changes));
  if (!commit.empty())
    for (const FileChange& change : changes) OE_CHECK(check_against(commit, change));
  const auto base = commit.empty() ? std::nullopt : std::optional(commit.text);
  OE_TRY(const auto tree, changed_tree(base, changes));
  if (tree) return Oid{*tree};
  OE_TRY(const std::string empty, write_entries({}));
  return Oid{empty};
}

}  // namespace oe::git
