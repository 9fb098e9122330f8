#include "patch/paths.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/core.h>

#include "oe/base/text.hpp"

namespace oe::patch {

namespace {

using Paths = std::vector<std::string>;

tl::unexpected<Refusal> bad_path(const std::string& path, std::string_view why) {
  Refusal out = refusal(Reason::bad_path, fmt::format("the path '{}' {}", ellipsis(path, 200), why));
  out.path = path;
  return tl::unexpected(std::move(out));
}

std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_mark(std::string_view three) {
  if (three.size() < 3 || (three.front() & 0x80) == 0) return false;
  return three.starts_with("\xE2\x80") || three.starts_with("\xE2\x81") || three == "\xEF\xBB\xBF";
}

// What file systems leave out when they compare: zero-width and direction marks, streams, dots and blanks at the end.
std::string as_a_disk_sees_it(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (is_mark(part.substr(i, 3))) {
      i += 2;
    } else {
      out += part[i];
    }
  }
  out = folded(out.substr(0, out.find(':')));
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  return out;
}

bool is_forbidden(const std::string& path) {
  for (const std::string& part : split(path, '/')) {
    const std::string seen = as_a_disk_sees_it(part);
    if (part == ".." || part.starts_with('~') || seen == ".git" || seen == "git~1" || seen == ".openexpertise")
      return true;
  }
  return std::any_of(path.begin(), path.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_plain(const std::string& path) {
  const auto has = [&](std::string_view text) { return path.find(text) != std::string::npos; };
  return !has("\\") && !has("/.") && !has("//") && !path.starts_with('.') && !path.ends_with('/');
}

std::string normal(std::string path) {
  if (is_plain(path)) return path;
  std::replace(path.begin(), path.end(), '\\', '/');
  Paths parts = split(path, '/');
  const bool is_absolute = path.starts_with('/');
  std::erase_if(parts, [](const std::string& part) { return part.empty() || part == "."; });
  return (is_absolute ? "/" : "") + join(parts, "/");
}

bool is_absolute(const std::string& path) {
  return path.starts_with('/') || (path.size() > 1 && path[1] == ':');
}

std::string without_prefix(const std::string& path) {
  const bool has_prefix = path.starts_with("a/") || path.starts_with("b/");
  return has_prefix ? path.substr(2) : path;
}

// The paths of the tree that end in `path` or that `path` ends in.
Paths by_suffix(const Paths& all, const std::string& path, bool fold) {
  const std::string wanted = "/" + (fold ? folded(path) : path);
  Paths longer;
  Paths shorter;
  for (const std::string& one : all) {
    const std::string here = "/" + (fold ? folded(one) : one);
    if (here.ends_with(wanted)) longer.push_back(one);
    if (wanted.ends_with(here)) shorter.push_back(one);
  }
  if (!longer.empty()) return longer;
  std::ranges::sort(shorter, std::greater<>(), &std::string::size);
  if (shorter.size() > 1) shorter.resize(1);  // the most of the path that there is
  return shorter;
}

tl::expected<Resolved, Refusal> completed(const std::string& path, const std::string& target, const Tree& tree) {
  const Paths all = tree.paths ? tree.paths() : Paths{target};
  for (const bool fold : {false, true}) {
    Paths found = by_suffix(all, path, fold);
    if (found.empty()) found = by_suffix(all, without_prefix(path), fold);
    const bool has_target = std::ranges::find(found, target) != found.end();
    if (found.size() == 1 || has_target) {
      return Resolved{.path = has_target ? target : found.front(), .exists = true, .rungs = bit(Rung::path)};
    }
    if (!found.empty()) return bad_path(path, "fits several files: " + join(found, ", "));
  }
  return bad_path(path, "is not in the tree");
}

bool only_adds(const FileChange& change) {
  if (change.whole) return true;
  const auto adds = [](const Hunk& hunk) { return !hunk.has(Mark::minus) && !hunk.has(Mark::context); };
  return change.hunks.size() == 1 && adds(change.hunks.front());
}

std::string stated_path(const FileChange& change) {
  const bool has_after = !change.after.empty() && change.after != "/dev/null";
  return has_after ? change.after : change.before;
}

std::optional<Resolved> found_at(const std::string& path, Rungs rungs, const Tree& tree) {
  auto text = tree.read(path);
  if (!text) return std::nullopt;
  return Resolved{.path = path, .exists = true, .rungs = rungs, .text = std::move(text)};
}

// "--- a/x" and "+++ b/x" are git's own; "--- a" and "+++ b" of different files rename.
bool is_rename(const FileChange& change) {
  if (change.before.empty() || change.after.empty() || change.before == "/dev/null") return false;
  const std::string before = without_prefix(normal(change.before));
  const std::string after = without_prefix(normal(change.after));
  return !("/" + before).ends_with("/" + after) && !("/" + after).ends_with("/" + before);
}

// A new file has no path to be held against, so an odd one is refused.
bool is_odd_for_new(const std::string& path, const Paths& all) {
  const Paths parts = split(path, '/');
  if (std::adjacent_find(parts.begin(), parts.end()) != parts.end()) return true;
  const auto is_folder = [&](const std::string& part) {
    return std::any_of(all.begin(), all.end(), [&](const std::string& one) { return one.starts_with(part + "/"); });
  };
  if (is_folder(parts.front())) return false;
  return std::any_of(parts.begin() + 1, parts.end(), is_folder);
}

bool has_folder(const std::string& path, const Tree& tree) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos || !tree.paths) return false;
  const Paths all = tree.paths();
  const std::string folder = path.substr(0, slash + 1);
  return std::any_of(all.begin(), all.end(), [&](const std::string& one) { return one.starts_with(folder); });
}

tl::expected<Resolved, Refusal> new_at(const std::string& path, const std::string& target, const Tree& tree) {
  const bool is_target = !target.empty() && ("/" + path).ends_with("/" + target);
  if (is_target) return Resolved{.path = target, .rungs = path == target ? 0 : bit(Rung::path)};
  if (is_odd_for_new(path, tree.paths ? tree.paths() : Paths())) return bad_path(path, "is not in the tree");
  return Resolved{.path = path};
}

}  // namespace

std::optional<Refusal> objection_to(const std::string& path) {
  if (!path.empty() && !is_forbidden(path)) return std::nullopt;
  return bad_path(path, "leaves the tree or is not to be written").value();
}

tl::expected<Resolved, Refusal> resolve(const FileChange& change, const std::string& target, const Tree& tree) {
  const std::string stated = stated_path(change);
  const std::string path = normal(stated);
  if (auto why = objection_to(path)) return tl::unexpected(std::move(*why));
  if (is_rename(change)) {
    Refusal out = refusal(Reason::not_text, fmt::format("a diff may not rename {} to {}", change.before, change.after));
    out.path = path;
    return tl::unexpected(std::move(out));
  }
  const std::string bare = without_prefix(path);
  const bool has_pair = normal(change.before) == "a/" + bare && path == "b/" + bare;
  const bool is_new_pair = change.before == "/dev/null" && path == "b/" + bare;
  const bool is_prefixed = has_pair || is_new_pair;
  const Rungs mended = stated == "b/" + bare ? 0 : bit(Rung::path);
  if (!is_absolute(path)) {
    const bool is_target = stated == target && target.find('\\') != std::string::npos;  // part of a name on most disks
    auto here = is_target ? found_at(target, 0, tree) : std::nullopt;
    if (!here && is_prefixed) here = found_at(bare, mended, tree);
    if (!here) here = found_at(path, path == stated ? 0 : bit(Rung::path), tree);
    if (!here && bare != path) here = found_at(bare, 0, tree);
    if (here) return std::move(*here);
  }
  auto found = completed(path, target, tree);
  const bool makes = only_adds(change) && !is_absolute(path);
  if (!found && makes && found.error().message.ends_with("not in the tree")) {
    return new_at(is_prefixed ? bare : path, target, tree);
  }
  // A new file in a folder that is there may have the name of another one.
  if (found && makes && change.is_new && has_folder(is_prefixed ? bare : path, tree)) {
    return Resolved{.path = is_prefixed ? bare : path};
  }
  return found;
}

}  // namespace oe::patch
