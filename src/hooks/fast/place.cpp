#include "hooks/fast/place.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace oe::hooks::fast {
namespace {

bool copy(Path& path, std::string_view text) {
  if (text.empty() || text.size() >= sizeof path.text) return false;
  std::memcpy(path.text, text.data(), text.size());
  path.text[text.size()] = '\0';
  return true;
}

/// What a file of one line says behind a prefix.
std::string_view line_in(const FileBytes& file, std::string_view prefix) {
  std::string_view text = file.text();
  if (!text.starts_with(prefix)) return {};
  text.remove_prefix(prefix.size());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

bool below(Path& path, const char* directory, std::string_view name) {
  Path relative;
  if (!copy(relative, name)) return false;
  return relative.text[0] == '/' ? copy(path, name) : join(path, directory, relative.text);
}

bool find_git_dir(Path& git_dir) {
  if (const char* named = std::getenv("GIT_DIR"); named != nullptr) return copy(git_dir, named);
  struct stat facts {};
  if (::stat(".git", &facts) != 0) return false;
  if (S_ISDIR(facts.st_mode)) return copy(git_dir, ".git");
  const FileBytes link(".git");
  return below(git_dir, ".", line_in(link, "gitdir: "));
}

bool find_common_dir(Path& common_dir, const char* git_dir) {
  if (const char* named = std::getenv("GIT_COMMON_DIR"); named != nullptr) return copy(common_dir, named);
  Path path;
  if (!join(path, git_dir, "commondir")) return false;
  const FileBytes link(path.text);
  return link.is_there() ? below(common_dir, git_dir, line_in(link, "")) : copy(common_dir, git_dir);
}

}  // namespace

bool join(Path& path, const char* directory, const char* name) {
  const int size = std::snprintf(path.text, sizeof path.text, "%s/%s", directory, name);
  return size > 0 && static_cast<std::size_t>(size) < sizeof path.text;
}

FileBytes::FileBytes(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  struct stat facts {};
  if (::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode)) {
    is_there_ = true;
    const auto size = static_cast<std::size_t>(facts.st_size);
    void* data = size == 0 ? MAP_FAILED : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data != MAP_FAILED) {
      data_ = static_cast<char*>(data);
      size_ = size;
    }
  }
  ::close(fd);
}

FileBytes::~FileBytes() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

bool find_place(Place& place) {
  if (!find_git_dir(place.git_dir) || !find_common_dir(place.common_dir, place.git_dir.text)) return false;
  const char* index = std::getenv("GIT_INDEX_FILE");
  return index != nullptr ? copy(place.index, index) : join(place.index, place.git_dir.text, "index");
}

// extensions.objectFormat stands in the repository's own file, never in one that is included. A comment that looks like
// it does no harm: the index cannot be read then, and oe asks git.
std::size_t id_size(const Place& place) {
  Path path;
  if (!join(path, place.common_dir.text, "config")) return 20;
  const FileBytes config(path.text);
  constexpr std::string_view kKey = "objectformat";
  const std::string_view text = config.text();
  for (std::size_t at = 0; at + kKey.size() < text.size(); ++at) {
    if (::strncasecmp(text.data() + at, kKey.data(), kKey.size()) != 0) continue;
    const std::string_view rest{text.data() + at, text.size() - at};
    const std::size_t found = rest.find("sha256");
    if (found != std::string_view::npos && found < rest.find('\n')) return 32;
  }
  return 20;
}

bool exists(const char* directory, const char* name) {
  Path path;
  return join(path, directory, name) && ::access(path.text, F_OK) == 0;
}

}  // namespace oe::hooks::fast
