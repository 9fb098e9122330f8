#include "evolve/file_versions.hpp"

#include <algorithm>
#include <charconv>

#include "oe/base/digest.hpp"
#include "oe/git/program.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostVersions = 2'000;

// "<id> blob <size>\n<bytes>\n", or "<name> missing\n".
std::optional<std::string> take_blob(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view header = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  const std::size_t kind = header.find(" blob ");
  const std::size_t last = header.rfind(' ');
  const bool has_bytes = last != std::string_view::npos && !header.ends_with(" missing");
  std::size_t size = 0;
  if (!has_bytes) return std::nullopt;
  std::from_chars(header.data() + last + 1, header.data() + header.size(), size);
  const std::string bytes(rest.substr(0, size));
  rest.remove_prefix(std::min(size + 1, rest.size()));
  return kind == std::string_view::npos ? std::nullopt : std::optional(bytes);
}

}  // namespace

Result<std::vector<std::optional<std::string>>> read_blobs(const git::Place& place,
                                                           const std::vector<std::string>& names) {
  std::vector<std::optional<std::string>> blobs;
  if (names.empty()) return blobs;
  git::GitCall call{.directory = place.root, .arguments = {"cat-file", "--batch"}};
  for (const std::string& name : names) call.input += name + "\n";
  OE_TRY(const git::GitAnswer answer, git::run_git(std::move(call)));
  if (answer.code != 0) return fail(git::git_error(ErrorKind::environment, "reading files of the history", answer));
  std::string_view rest = answer.out;
  for (std::size_t i = 0; i < names.size(); ++i) blobs.push_back(take_blob(rest));
  return blobs;
}

Result<std::vector<FileVersion>> file_versions(const git::Place& place, const git::Oid& head, const std::string& path,
                                               Line line) {
  std::vector<FileVersion> versions;
  std::vector<std::string> names;
  std::vector<std::string> arguments = {"--", path};
  if (line == Line::first_parent) arguments.insert(arguments.begin(), "--first-parent");
  OE_CHECK(walk_back(place, head, arguments, [&](const PastCommit& commit) {
    versions.push_back({commit.id, commit.time, {}});
    names.push_back(commit.id.text + ":" + path);
    return versions.size() < kMostVersions;
  }));
  if (path.find('\n') != std::string::npos) return versions;  // cat-file takes a name a line
  OE_TRY(const auto blobs, read_blobs(place, names));
  for (std::size_t i = 0; i < blobs.size(); ++i)
    if (blobs[i]) versions[i].sha256 = sha256_hex(*blobs[i]);
  return versions;
}

}  // namespace oe::evolve
