#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <sys/types.h>

#include "oe/git/repository.hpp"

#include "hooks/loose_object.hpp"

namespace oe::hooks {

/// Objects of any kind of repository: those that lie in files of their own are read from there, for the others a
/// `git cat-file --batch` is started when it is first needed. It fetches nothing: what a partial clone does not have is
/// not there.
class ObjectReader {
 public:
  explicit ObjectReader(const git::Place& place) : directory_(place.root), objects_(place.common_dir / "objects") {}
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;
  ~ObjectReader();

  /// The object of a name such as "<id>", "HEAD:path" or "<tree>:path"; its bytes when it is a blob. Nothing when there
  /// is none. Errors: environment.
  Result<std::optional<Object>> read(const std::string& name);

 private:
  Result<void> start();
  Result<std::optional<Object>> ask_git(const std::string& name);

  std::filesystem::path directory_;
  std::filesystem::path objects_;
  pid_t child_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

}  // namespace oe::hooks
