#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "sys/spawn.hpp"

namespace oe::sys {
namespace fs = std::filesystem;
namespace {

Error cannot_start(const fs::path& program, std::string_view why, std::string_view hint = {}) {
  return Error(ErrorKind::environment, fmt::format("cannot start {}: {}", program.string(), why), std::string(hint));
}

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

std::optional<Error> directory_error(const fs::path& directory, const fs::path& program) {
  std::error_code ignored;
  if (directory.empty()) return std::nullopt;
  if (!fs::exists(directory, ignored))
    return cannot_start(program, fmt::format("there is no directory {} to start it in", quoted(directory)));
  if (!fs::is_directory(directory, ignored))
    return cannot_start(program, fmt::format("{} is not a directory to start it in", quoted(directory)));
  if (::access(directory.c_str(), X_OK) != 0)
    return cannot_start(program, fmt::format("the directory {} may not be entered", quoted(directory)));
  return std::nullopt;
}

Error missing_error(const ProcessSpec& spec, const fs::path& program, const fs::path& file) {
  std::error_code ignored;
  if (program.string().find('/') == std::string::npos)
    return cannot_start(program, "there is no such program on PATH",
                        fmt::format("install {} or put the directory that holds it on PATH", program.string()));
  if (fs::exists(file, ignored))
    return cannot_start(program, "the interpreter that its first line names does not exist",
                        fmt::format("look at it with: head -1 {}", file.string()));
  return cannot_start(program, "there is no such file",
                      program.is_relative() && !spec.directory.empty()
                          ? fmt::format("the path counts from {}", spec.directory.string())
                          : std::string());
}

Error not_executable_error(const fs::path& program, const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) return cannot_start(program, "it is a directory");
  return cannot_start(program, "it is not executable", fmt::format("make it so with: chmod +x {}", file.string()));
}

}  // namespace

Error start_error(int code, const ProcessSpec& spec, const fs::path& program) {
  if (auto error = directory_error(spec.directory, program)) return *error;
  const fs::path file = spec.directory / program;
  switch (code) {
    case ENOENT:
      return missing_error(spec, program, file);
    case EACCES:
      return not_executable_error(program, file);
    case ENOTDIR:
      return cannot_start(program, "a part of the path is not a directory");
    case E2BIG:
      return cannot_start(program, "its arguments and environment are too long for the system",
                          "hand large values over through standard input or a file");
    case ENOEXEC:
      return cannot_start(program, "it is no program that this system can run",
                          "a script needs a first line such as #!/bin/sh");
    case EAGAIN:
      return cannot_start(program, "there are too many processes", "look at the limit with: ulimit -u");
    default:
      return cannot_start(program, std::generic_category().message(code));
  }
}

}  // namespace oe::sys
