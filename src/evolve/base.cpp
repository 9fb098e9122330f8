#include <algorithm>
#include <filesystem>
#include <fmt/core.h>

#include "evolve/tree_files.hpp"

namespace oe::evolve {

namespace {

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

formats::Files::Kind kind_in_commit(const git::Repository& repository, const git::Oid& commit,
                                    const std::string& path) {
  using Kind = formats::Files::Kind;
  const auto names = repository.list(commit, parent_of(path));
  if (!names) return Kind::missing;
  const std::string name = name_of(path);
  if (std::find(names->begin(), names->end(), name + "/") != names->end()) return Kind::directory;
  if (std::find(names->begin(), names->end(), name) == names->end()) return Kind::missing;
  const auto blob = repository.read(commit, path);
  return blob && *blob && (*blob)->mode == 0100755 ? Kind::executable : Kind::file;
}

// Workflows may name files outside their own directory ("../shared/x.mjs"); those that leave the repository are not in
// the commit.
std::string normal(const std::string& directory, const std::string& path) {
  return (std::filesystem::path(directory) / path).lexically_normal().generic_string();
}

}  // namespace

formats::Files files_of(const git::Repository& repository, const git::Oid& commit, const std::string& directory) {
  return {
      .read = [&repository, commit, directory](const std::string& path) -> Result<std::string> {
        OE_TRY(auto blob, repository.read(commit, normal(directory, path)));
        if (!blob) return fail(ErrorKind::input, fmt::format("{} is not in commit {}", path, commit.text));
        return blob->bytes;
      },
      .kind = [&repository, commit, directory](
                  const std::string& path) { return kind_in_commit(repository, commit, normal(directory, path)); },
  };
}

Result<Base> read_base(const git::Repository& repository, const git::Oid& commit, const std::string& workflow) {
  OE_TRY(auto blob, repository.read(commit, workflow));
  if (!blob) {
    return fail(ErrorKind::input, fmt::format("{} is not in commit {}", workflow, commit.text.substr(0, 12)),
                fmt::format("commit it first: git add {} && git commit", workflow));
  }
  const std::string directory = parent_of(workflow);
  OE_TRY(auto reading, formats::read_workflow(blob->bytes, workflow, files_of(repository, commit, directory)));
  return Base{commit, workflow, directory, std::move(reading)};
}

}  // namespace oe::evolve
