#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <fmt/format.h>

#include "oe/base/text.hpp"

#include "git/by_program.hpp"

namespace oe::git {
namespace {

constexpr const char* kFile = "100644";
constexpr const char* kProgram = "100755";

const char* kind_of(const std::string& mode) {
  if (mode == "040000") return "a directory";
  return mode == "120000" ? "a symbolic link" : "a submodule";
}

/// "<name> <mail> <seconds> <zone>"
void read_person(std::string_view text, Identity& who, Timestamp& when) {
  const std::size_t open = text.find('<');
  const std::size_t close = text.find('>', open);
  if (open == std::string_view::npos || close == std::string_view::npos) return;
  who = {std::string(trim(text.substr(0, open))), std::string(text.substr(open + 1, close - open - 1))};
  const std::string_view time = trim(text.substr(close + 1));
  std::int64_t seconds = 0;
  std::from_chars(time.data(), time.data() + time.size(), seconds);
  when = Timestamp(std::chrono::seconds(seconds));
}

Commit read_commit(const std::string& text) {
  Commit commit;
  std::size_t at = 0;
  Identity committer;
  Timestamp authored;
  while (at < text.size() && text[at] != '\n') {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    if (line.starts_with("tree ")) commit.tree.text = line.substr(5);
    if (line.starts_with("parent ")) commit.parents.push_back(Oid{std::string(line.substr(7))});
    if (line.starts_with("author ")) read_person(line.substr(7), commit.author, authored);
    if (line.starts_with("committer ")) read_person(line.substr(10), committer, commit.time);
    at = end + 1;
  }
  if (at < text.size()) commit.message = text.substr(at + 1);
  return commit;
}

// Of others git would say that they lie outside.
bool can_be_in_a_tree(const std::string& path) {
  const std::string components = "/" + path + "/";
  return path.find('\0') == std::string::npos && components.find("//") == std::string::npos &&
         components.find("/./") == std::string::npos && components.find("/../") == std::string::npos;
}

}  // namespace

Result<void> ProgramRepository::check_id(const Oid& id) const {
  const bool is_hex = std::ranges::all_of(id.text, [](unsigned char c) { return std::isxdigit(c) != 0; });
  if (is_hex && (id.text.size() == 40 || id.text.size() == 64)) return {};
  return fail(ErrorKind::input, fmt::format("'{}' is no full object id", id.text));
}

// "<mode> <type> <id>\t<name>\0" each.
Result<ProgramRepository::Entries> ProgramRepository::entries(const std::string& tree) const {
  OE_TRY(const std::string text, ask("reading the tree " + tree, {"ls-tree", "-z", "--full-tree", tree}));
  Entries entries;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\0', at), text.size());
    const std::string line = text.substr(at, end - at);
    const std::size_t tab = line.find('\t');
    const std::vector<std::string> words = split(line.substr(0, tab), ' ');
    if (tab != std::string::npos && words.size() == 3) entries[line.substr(tab + 1)] = {words[0], words[1], words[2]};
    at = end + 1;
  }
  return entries;
}

Result<std::optional<ProgramRepository::Entry>> ProgramRepository::entry_at(const Oid& commit,
                                                                            const std::string& path) const {
  OE_CHECK(check_id(commit));
  OE_TRY(const std::string text, ask("reading the tree of " + commit.text,
                                     {"--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit.text, "--", path}));
  const std::vector<std::string> words = split(text.substr(0, text.find('\t')), ' ');
  if (words.size() != 3) return std::nullopt;
  return Entry{words[0], words[1], words[2]};
}

Result<std::optional<Blob>> ProgramRepository::read(const Oid& commit, const std::string& path) const {
  if (!can_be_in_a_tree(path)) return std::nullopt;
  OE_TRY(const auto entry, entry_at(commit, path));
  if (!entry) return std::nullopt;
  if (entry->mode != kFile && entry->mode != kProgram)
    return fail(ErrorKind::input, fmt::format("'{}' is {} in the commit, not a file", path, kind_of(entry->mode)),
                "name a regular file");
  OE_TRY(std::string bytes, ask(fmt::format("reading '{}' at {}", path, commit.text), {"cat-file", "blob", entry->id}));
  return Blob{Oid{entry->id}, std::move(bytes), entry->mode == kProgram ? 0100755U : 0100644U};
}

Result<std::vector<std::string>> ProgramRepository::list(const Oid& commit, const std::string& directory) const {
  std::vector<std::string> names;
  std::string tree = commit.text;
  if (!directory.empty()) {
    if (!can_be_in_a_tree(directory)) return names;
    OE_TRY(const auto entry, entry_at(commit, directory));
    if (!entry || entry->type != "tree") return names;
    tree = entry->id;
  }
  OE_TRY(const Entries all, entries(tree));
  for (const auto& [name, entry] : all) names.push_back(entry.type == "tree" ? name + "/" : name);
  return names;
}

Result<Commit> ProgramRepository::commit(const Oid& id) const {
  OE_CHECK(check_id(id));
  OE_TRY(const std::string text, ask("reading the commit " + id.text, {"cat-file", "commit", id.text}));
  return read_commit(text);
}

// Not git commit-tree, which takes no message as it is and asks the user's configuration.
Result<Oid> ProgramRepository::write_commit(const Oid& tree, const std::vector<Oid>& parents, const std::string& message,
                                            const Identity& identity, Timestamp time) {
  if (trim(identity.name).empty() || trim(identity.email).empty())
    return fail(ErrorKind::environment, "a commit needs a name and a mail address");
  OE_CHECK(ask("reading the tree " + tree.text, {"cat-file", "-e", tree.text + "^{tree}"}));
  for (const Oid& parent : parents) OE_CHECK(commit(parent));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const std::string who = fmt::format("{} <{}> {} +0000", identity.name, identity.email, seconds);
  std::string text = fmt::format("tree {}\n", tree.text);
  for (const Oid& parent : parents) text += fmt::format("parent {}\n", parent.text);
  text += fmt::format("author {}\ncommitter {}\n\n{}", who, who, message);
  OE_TRY(const std::string id,
         ask("writing a commit", {"hash-object", "-w", "-t", "commit", "--stdin"}, std::move(text)));
  return Oid{std::string(trim(id))};
}

}  // namespace oe::git
