#include <charconv>
#include <fmt/format.h>
#include <string_view>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"

namespace oe::git {
namespace {

/// The bytes in an answer of `git cat-file --batch`: "<id> blob <size>\n<bytes>\n"; nothing for any other object and
/// for "missing".
std::optional<std::string> blob_in(std::string_view answer) {
  const std::size_t newline = answer.find('\n');
  const std::vector<std::string> header = split(answer.substr(0, newline), ' ');
  if (newline == std::string_view::npos || header.size() != 3 || header[1] != "blob") return std::nullopt;
  std::size_t size = 0;
  std::from_chars(header[2].data(), header[2].data() + header[2].size(), size);
  return std::string(answer.substr(newline + 1, size));
}

/// Entries of --porcelain=v1 -z as lines "XY path" or "XY new <- old".
std::string readable(std::string_view entries) {
  std::vector<std::string> lines;
  bool is_origin = false;
  for (const std::string& entry : split(entries, '\0')) {
    if (is_origin) lines.back() += " <- " + entry;
    if (!is_origin && !entry.empty()) lines.push_back(entry);
    // The origin of a rename or a copy is an entry of its own.
    is_origin = !is_origin && entry.size() > 2 && entry.substr(0, 2).find_first_of("RC") != std::string::npos;
  }
  return join(lines, "\n");
}

}  // namespace

Result<std::optional<std::string>> head_bytes(const Place& place, const std::string& path) {
  if (path.find('\n') != std::string::npos) {
    return fail(ErrorKind::input, fmt::format("the path '{}' has a line break", path), "rename the file");
  }
  OE_TRY(const GitAnswer answer,
         run_git({.directory = place.root, .arguments = {"cat-file", "--batch"}, .input = "HEAD:" + path + "\n"}));
  if (answer.code != 0)
    return fail(git_error(ErrorKind::environment, fmt::format("reading '{}' at HEAD", path), answer));
  return blob_in(answer.out);
}

Result<Oid> commit_of(const Place& place, const std::string& revision) {
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root,
                                          .arguments = {"rev-parse", "--verify", "--quiet", "--end-of-options",
                                                        revision + "^{commit}"}}));
  if (answer.code != 0)
    return fail(ErrorKind::usage, fmt::format("there is no commit '{}'", revision), "git log --oneline shows those there are");
  return Oid{std::string(trim(answer.out))};
}

Result<std::string> status(const Place& place, const std::vector<std::string>& paths) {
  if (paths.empty()) return std::string();
  GitCall call{.directory = place.root,
               .arguments = {"--literal-pathspecs", "status", "--porcelain=v1", "-z", "--untracked-files=all",
                             "--ignored=matching", "--"}};
  call.arguments.insert(call.arguments.end(), paths.begin(), paths.end());
  OE_TRY(const GitAnswer answer, run_git(std::move(call)));
  if (answer.code != 0) return fail(git_error(ErrorKind::environment, "git status", answer));
  return readable(answer.out);
}

}  // namespace oe::git
