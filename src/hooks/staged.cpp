#include "oe/hooks/staged.hpp"

#include <fmt/format.h>
#include <map>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"
#include "oe/sys/file.hpp"

#include "hooks/fast/place.hpp"
#include "hooks/index_reader.hpp"
#include "hooks/memo.hpp"
#include "hooks/object_reader.hpp"

namespace oe::hooks {
namespace fs = std::filesystem;

struct Entry {
  std::uint32_t mode = 0;
  std::string id;  ///< hexadecimal
};
using Entries = std::map<std::string, Entry, std::less<>>;

namespace {

constexpr std::uint32_t kLink = 0120000;
constexpr std::uint32_t kSubmodule = 0160000;
constexpr std::uint32_t kSparse = 0040000;
constexpr std::uint32_t kExecutable = 0100755;
constexpr int kMostLinks = 8;

// For each entry of the index, in a hook.
std::string hex(std::string_view raw) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(2 * raw.size(), '0');
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto byte = static_cast<unsigned char>(raw[i]);
    text[2 * i] = kDigits[byte >> 4];
    text[2 * i + 1] = kDigits[byte & 15];
  }
  return text;
}

std::optional<Entries> read_index(const fast::Place& place) {
  const fast::FileBytes bytes(place.index.text);
  Entries entries;
  if (!bytes.is_there()) return entries;
  IndexReader reader(bytes.text(), fast::id_size(place));
  for (IndexEntry entry; reader.next(entry);)
    if (!entry.intent_to_add && entry.stage == 0)
      entries.emplace_hint(entries.end(), entry.path, Entry{entry.mode, hex(entry.id)});
  return reader.ok() ? std::optional(std::move(entries)) : std::nullopt;
}

// For an index that is in two files. Lines "<mode> <id> <stage>\t<path>", ended by NUL.
Result<Entries> list_index(const fs::path& root) {
  OE_TRY(const git::GitAnswer answer,
         git::run_git({.directory = root, .arguments = {"ls-files", "--sparse", "--stage", "-z"}}));
  if (answer.code != 0) return fail(git::git_error(ErrorKind::environment, "reading the index", answer));
  Entries entries;
  for (const std::string& line : split(answer.out, '\0')) {
    const std::size_t tab = line.find('\t');
    const std::vector<std::string> words = split(line.substr(0, tab), ' ');
    if (tab == std::string::npos || words.size() != 3 || words[2] != "0") continue;
    entries.emplace(line.substr(tab + 1), Entry{static_cast<std::uint32_t>(std::stoul(words[0], nullptr, 8)), words[1]});
  }
  return entries;
}

std::string line_of(const std::string& path, const Entry& entry) {
  return fmt::format("= {:o} {} {}", entry.mode, entry.id, path);
}

StagedTree::Kind kind_on_disk(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return StagedTree::Kind::missing;
  if (fs::is_directory(status)) return StagedTree::Kind::directory;
  constexpr fs::perms kAnyExec = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  return (status.permissions() & kAnyExec) == fs::perms::none ? StagedTree::Kind::file : StagedTree::Kind::executable;
}

}  // namespace

struct StagedTree::Impl {
  fs::path root;
  Entries entries;
  mutable ObjectReader objects;

  /// Where a path leads: an entry, an object in a tree that the index does not go into, or a place on the disk.
  struct Target {
    enum class Where { nowhere, entry, directory, tree, disk } where = Where::nowhere;
    std::string path;  ///< of the entry, or on the disk
    Entry entry;
    std::string name;  ///< of the object in a tree
  };

  Result<Target> find(const std::string& path, Look& look, int links = 0) const;
  Target find_above(const std::string& path, Look& look) const;
  Target find_beside(const std::string& path, Look& look) const;
  bool has_below(const std::string& directory) const {
    const auto first = entries.lower_bound(directory + "/");
    return first != entries.end() && first->first.starts_with(directory + "/");
  }
};

Result<StagedTree::Impl::Target> StagedTree::Impl::find(const std::string& named, Look& look, int links) const {
  std::string path = fs::path(named).lexically_normal().generic_string();
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  if (fs::path(path).is_absolute() || path.starts_with("../") || path == "..")
    return Target{Target::Where::disk, (root / path).string(), {}, ""};
  if (path == ".") return Target{Target::Where::directory, path, {}, ""};
  const auto found = entries.find(path);
  if (found == entries.end() && has_below(path)) {
    look.lines.insert("/ " + path + "/");
    return Target{Target::Where::directory, path, {}, ""};
  }
  if (found == entries.end()) return find_above(path, look);
  look.lines.insert(line_of(path, found->second));
  if (found->second.mode == kSubmodule) return Target{Target::Where::disk, (root / path).string(), {}, ""};
  if (found->second.mode != kLink) return Target{Target::Where::entry, path, found->second, ""};
  OE_TRY(const auto link, objects.read(found->second.id));
  if (!link || links == kMostLinks) return Target{};
  return find((fs::path(path).parent_path() / link->bytes).generic_string(), look, links + 1);
}

// A directory above it may be a submodule, a directory that the index keeps as one tree, or a symlink.
StagedTree::Impl::Target StagedTree::Impl::find_above(const std::string& path, Look& look) const {
  for (fs::path above = fs::path(path).parent_path(); !above.empty(); above = above.parent_path()) {
    const std::string name = above.generic_string();
    if (const auto tree = entries.find(name + "/"); tree != entries.end()) {
      look.lines.insert(line_of(tree->first, tree->second));
      return {Target::Where::tree, "", {}, tree->second.id + ":" + path.substr(name.size() + 1)};
    }
    if (const auto entry = entries.find(name); entry != entries.end()) {
      look.lines.insert(line_of(name, entry->second));
      return {Target::Where::disk, (root / path).string(), {}, ""};
    }
  }
  return find_beside(path, look);
}

StagedTree::Impl::Target StagedTree::Impl::find_beside(const std::string& path, Look& look) const {
  look.lines.insert("! " + path);
  look.lines.insert("! " + path + "/");
  if (kind_on_disk(root / path) == Kind::missing) return {};
  const auto ignored = git::run_git({.directory = root, .arguments = {"check-ignore", "-q", "--", path}});
  if (ignored && ignored->code == 0) return {Target::Where::disk, (root / path).string(), {}, ""};
  look.unstaged.push_back(path);
  return {};
}

StagedTree::StagedTree(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StagedTree::StagedTree(StagedTree&&) noexcept = default;
StagedTree::~StagedTree() = default;

Result<git::Place> place_of_hook() {
  fast::Place found;
  std::error_code error;
  const fs::path here = fs::current_path(error);
  const bool is_simple = fast::find_place(found) && std::string_view(found.git_dir.text) == found.common_dir.text;
  if (!is_simple) return git::find_place(here);
  const fs::path git_dir = fs::weakly_canonical(found.git_dir.text, error);
  return git::Place{.root = here, .main_root = here, .git_dir = git_dir, .common_dir = git_dir};
}

Result<StagedTree> StagedTree::open(const git::Place& place) {
  fast::Place found;
  std::optional<Entries> entries;
  // What git says in the environment of a hook counts from the directory that it starts it in.
  std::error_code error;
  if (fs::equivalent(fs::current_path(error), place.root, error) && fast::find_place(found)) entries = read_index(found);
  if (!entries) {
    OE_TRY(entries, list_index(place.root));
  }
  return StagedTree(std::unique_ptr<Impl>(new Impl{place.root, std::move(*entries), ObjectReader(place)}));
}

std::vector<std::string> StagedTree::workflows() const {
  std::vector<std::string> paths;
  for (const auto& [path, entry] : impl_->entries) {
    const bool is_file = entry.mode != kSubmodule && entry.mode != kSparse;
    if (is_file && is_workflow_name(path) && path.find('\n') == std::string::npos) paths.push_back(path);
  }
  return paths;
}

StagedTree::Kind StagedTree::kind(const std::string& path, Look& look) const {
  const auto target = impl_->find(path, look);
  if (!target) return Kind::missing;
  using Where = Impl::Target::Where;
  switch (target->where) {
    case Where::nowhere:
      return Kind::missing;
    case Where::entry:
      return target->entry.mode == kExecutable ? Kind::executable : Kind::file;
    case Where::directory:
      return Kind::directory;
    case Where::disk:
      return kind_on_disk(target->path);
    case Where::tree:
      break;
  }
  const auto object = impl_->objects.read(target->name);
  if (!object || !*object) return Kind::missing;
  // Whether it may be executed is not said here; a tool that was staged once has been looked at then.
  return (*object)->type == "tree" ? Kind::directory : Kind::executable;
}

Result<std::string> StagedTree::read(const std::string& path, Look& look) const {
  OE_TRY(const auto target, impl_->find(path, look));
  using Where = Impl::Target::Where;
  if (target.where == Where::disk) return sys::read_file(target.path, std::size_t{8} << 20);
  if (target.where == Where::entry || target.where == Where::tree) {
    OE_TRY(auto object, impl_->objects.read(target.where == Where::entry ? target.entry.id : target.name));
    if (object && object->type == "blob") return std::move(object->bytes);
  }
  return fail(ErrorKind::input, fmt::format("'{}' is not in the index", path), "git add it");
}

std::string StagedTree::workflow_line(const std::string& path, const std::string& on) const {
  const Entry& entry = impl_->entries.find(path)->second;
  return fmt::format("w {} {:o} {} {}", on, entry.mode, entry.id, path);
}

bool StagedTree::holds(const std::string& text) const {
  MemoLine line;
  if (!read_memo_line(text, line)) return false;
  const bool is_below = line.path.back() == '/' && line.kind != '=';
  const bool is_there = is_below ? impl_->has_below(std::string(line.path.substr(0, line.path.size() - 1)))
                                 : impl_->entries.contains(line.path);
  if (line.kind == '!' || line.kind == '/') return is_there == (line.kind == '/');
  const auto entry = impl_->entries.find(line.path);
  return is_there && entry->second.mode == line.mode && entry->second.id == line.id;
}

Result<bool> StagedTree::differs_from_head(const std::vector<std::string>& lines) const {
  for (const std::string& text : lines) {
    MemoLine line;
    if (!read_memo_line(text, line) || line.path.back() == '/') continue;
    OE_TRY(const auto object, impl_->objects.read(fmt::format("HEAD:{}", line.path)));
    if (line.kind == '!' ? object.has_value() : !object || object->id != line.id) return true;
  }
  return false;
}

}  // namespace oe::hooks
