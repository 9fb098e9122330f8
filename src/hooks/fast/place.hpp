#pragma once

#include <climits>
#include <cstddef>
#include <string_view>

namespace oe::hooks::fast {

// What the program that git starts needs to know of files. It is linked statically and started for each commit, so it
// allocates little, throws nothing and takes no library but that of C.

/// A path of the file system, at most as long as the system takes one.
struct Path {
  char text[PATH_MAX] = "";
};

/// "a/b"; false when it is too long.
bool join(Path& path, const char* directory, const char* name);

/// The bytes of a file, mapped or empty. Unmaps on destruction.
class FileBytes {
 public:
  explicit FileBytes(const char* path);
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes();
  bool is_there() const { return is_there_; }  ///< also when it is empty
  std::string_view text() const { return {data_, size_}; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  bool is_there_ = false;
};

/// The repository as the environment and the directory of a hook say.
struct Place {
  Path git_dir;
  Path common_dir;
  Path index;
};

/// False when there is none here.
bool find_place(Place& place);

/// Of its object ids, in bytes: 20 or 32.
std::size_t id_size(const Place& place);

bool exists(const char* directory, const char* name);

}  // namespace oe::hooks::fast
