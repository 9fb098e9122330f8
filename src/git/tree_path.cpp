#include "git/tree_path.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>
#include <string>

#include "oe/base/text.hpp"
#include "oe/git/tree_name.hpp"

namespace oe::git {
namespace {

constexpr std::size_t kLongestPath = 4096;
constexpr std::size_t kLongestComponent = 255;

// The code points that HFS+ leaves out of comparisons, as git's next_hfs_char (utf8.c) lists them, in UTF-8:
// U+200C..200F, U+202A..202E, U+206A..206F, U+FEFF.
bool hfs_ignores(std::string_view three_bytes) {
  const std::string_view lead = three_bytes.substr(0, 2);
  const auto last = static_cast<unsigned char>(three_bytes[2]);
  if (lead == "\xE2\x80") return (last >= 0x8C && last <= 0x8F) || (last >= 0xAA && last <= 0xAE);
  if (lead == "\xE2\x81") return last >= 0xAA && last <= 0xAF;
  return three_bytes == "\xEF\xBB\xBF";
}

std::string as_hfs_compares(std::string_view component) {
  std::string folded;
  for (std::size_t i = 0; i < component.size(); ++i) {
    if (component.size() - i >= 3 && hfs_ignores(component.substr(i, 3))) {
      i += 2;
      continue;
    }
    const char c = component[i];
    folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return folded;
}

bool has_forbidden_byte(std::string_view component) {
  return std::ranges::any_of(component, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F || c == '\\';
  });
}

/// Why a component may not be in a path; empty when it may.
std::string_view component_fault(std::string_view component) {
  if (component.empty()) return "it has an empty part or starts or ends with \"/\"";
  if (component == "." || component == "..") return "it has a part \".\" or \"..\"";
  if (is_dot_git(component)) return "it reaches into \".git\"";
  if (has_forbidden_byte(component)) return "it has a control character or a backslash";
  if (component.size() > kLongestComponent) return "one part is longer than 255 bytes";
  return {};
}

tl::unexpected<Error> refuse(std::string_view path, std::string_view why) {
  return fail(ErrorKind::failed, fmt::format("'{}' cannot be a path in a tree: {}", ellipsis(path, 200), why),
              "use a path relative to the root of the repository, with \"/\" between its parts");
}

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

}  // namespace

// NTFS drops dots and spaces from the end, takes what follows ":" for a stream, and knows ".git" as "git~1" too.
bool is_dot_git(std::string_view component) {
  std::string name = as_hfs_compares(component);
  name = name.substr(0, name.find(':'));
  name.erase(name.find_last_not_of(". ") + 1);
  return name == ".git" || name == "git~1";
}

Result<void> check_tree_path(std::string_view path) {
  if (path.size() > kLongestPath) return refuse(path, "it is longer than 4096 bytes");
  if (invalid_utf8(path)) return refuse(path, "it is not valid UTF-8");
  for (const std::string& component : split(path, '/')) {
    if (const std::string_view fault = component_fault(component); !fault.empty()) return refuse(path, fault);
  }
  return {};
}

Result<void> check_changes(const std::vector<FileChange>& changes) {
  std::set<std::string_view> paths;
  for (const FileChange& change : changes) {
    OE_CHECK(check_tree_path(change.path));
    if (change.mode != 0100644 && change.mode != 0100755) {
      return refuse(change.path, fmt::format("mode {:o} is not that of a plain file (100644 or 100755)", change.mode));
    }
    if (!paths.insert(change.path).second) return refuse(change.path, "the same change names it twice");
  }
  for (const FileChange& change : changes) {
    for (std::string_view above = parent_of(change.path); !above.empty(); above = parent_of(above)) {
      if (paths.contains(above)) return refuse(change.path, fmt::format("'{}' is a file in the same change", above));
    }
  }
  return {};
}

}  // namespace oe::git
