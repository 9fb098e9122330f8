#include <filesystem>

#include "oe/formats/reader.hpp"
#include "oe/sys/file.hpp"

namespace oe::formats {

namespace fs = std::filesystem;

namespace {

// Prompts and the like; data files are read by their executor, not here.
constexpr std::size_t kMaxReadBytes = std::size_t{8} << 20;

Files::Kind kind_of(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (error || status.type() == fs::file_type::not_found) return Files::Kind::missing;
  if (status.type() == fs::file_type::directory) return Files::Kind::directory;
  constexpr fs::perms kAnyExec = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  return (status.permissions() & kAnyExec) == fs::perms::none ? Files::Kind::file : Files::Kind::executable;
}

}  // namespace

Files files_below(const std::string& directory) {
  const fs::path base = directory;
  return {.read = [base](const std::string& path) { return sys::read_file(base / path, kMaxReadBytes); },
          .kind = [base](const std::string& path) { return kind_of(base / path); }};
}

Result<std::string> find_workflow(const std::string& path) {
  const fs::path named = path.empty() ? "." : path;
  const Files::Kind kind = kind_of(named);
  if (kind == Files::Kind::missing) {
    return fail(ErrorKind::input, "there is no file or folder '" + named.string() + "'",
                "name a workflow file, or a folder with an experience.yaml");
  }
  if (kind != Files::Kind::directory) return named.string();
  const std::string file = (named / "experience.yaml").lexically_normal().string();
  const Files::Kind found = kind_of(file);
  if (found == Files::Kind::file || found == Files::Kind::executable) return file;
  return fail(ErrorKind::input, "there is no workflow in '" + named.string() + "': looked for " + file,
              "name the workflow file, or make one with 'oe init'");
}

}  // namespace oe::formats
