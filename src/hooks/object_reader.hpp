#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <sys/types.h>

#include "oe/git/repository.hpp"

namespace oe::hooks {

/// A `git cat-file --batch` that is started when it is first asked, for objects of any kind of repository. It fetches
/// nothing: what a partial clone does not have is not there.
class ObjectReader {
 public:
  explicit ObjectReader(std::filesystem::path directory) : directory_(std::move(directory)) {}
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;
  ~ObjectReader();

  /// The object of a name such as "<id>", "HEAD:path" or "<tree>:path"; its bytes when it is a blob. Nothing when there
  /// is none. Errors: environment.
  struct Object {
    std::string id;
    std::string type;
    std::string bytes;
  };
  Result<std::optional<Object>> read(const std::string& name);

 private:
  Result<void> start();

  std::filesystem::path directory_;
  pid_t child_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
};

}  // namespace oe::hooks
