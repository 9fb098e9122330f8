#include <exception>
#include <fmt/format.h>

#include "git/libgit2/repository.hpp"
#include "git/module.hpp"

namespace oe::git {
namespace {

/// git itself opened the place before and so checked its owner; libgit2 1.5 would refuse where safe.directory is "*".
Result<void> start_libgit2() {
  OE_CHECK(checked(git_libgit2_init(), "start libgit2"));
  return checked(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0), "set up libgit2");
}

Result<std::unique_ptr<Repository>> open_with_libgit2(const Place& place) {
  OE_CHECK(start_libgit2());
  git_repository* raw = nullptr;
  const int code = git_repository_open_ext(&raw, place.git_dir.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  RepositoryHandle repository(raw);
  if (code == 0) return std::make_unique<Libgit2Repository>(std::move(repository), place);
  const Error cause = libgit2_error(code, "read the repository " + place.root.string());
  return fail(ErrorKind::environment, cause.message(), "git fsck tells more");
}

}  // namespace
}  // namespace oe::git

extern "C" __attribute__((visibility("default"))) void oe_git_open_2(
    const oe::git::Place& place, oe::Result<std::unique_ptr<oe::git::Repository>>& out) {
  try {
    out = oe::git::open_with_libgit2(place);
  } catch (const std::exception& error) {
    out = oe::fail(oe::ErrorKind::environment, std::string("cannot open the repository: ") + error.what());
  }
}
