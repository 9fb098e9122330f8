#include "sys/os_error.hpp"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace oe::sys {
namespace {

struct OsReason {
  std::string text;
  std::string_view hint;
};

OsReason os_reason(int code) {
  switch (code) {
    case ENOSPC:
      return {"disk full", "free some space on that file system and try again"};
    case EDQUOT:
      return {"disk full (the quota of this user is used up)", "remove some of this user's files and try again"};
    case EROFS:
      return {"the file system is read-only", "work in a copy on a file system that can be written"};
    case EACCES:
    case EPERM:
      return {"permission denied (not readable, or read-only for this user)",
              "check who owns it and its permissions with: ls -ld"};
    case ENOENT:
      return {"no such file or directory", ""};
    case ENOTDIR:
      return {"a part of the path is not a directory", ""};
    case EISDIR:
      return {"it is a directory", ""};
    case ENAMETOOLONG:
      return {"the name is too long", ""};
    case ELOOP:
      return {"too many symbolic links", "one of them probably points at itself"};
    case EMFILE:
    case ENFILE:
      return {"too many open files", "raise the limit with: ulimit -n 4096"};
    default:
      return {std::generic_category().message(code), ""};
  }
}

}  // namespace

Error os_error(int code, std::string_view doing, const std::filesystem::path& path) {
  const OsReason reason = os_reason(code);
  return Error(ErrorKind::environment, fmt::format("cannot {} {}: {}", doing, path.string(), reason.text),
               std::string(reason.hint));
}

}  // namespace oe::sys
