#pragma once

#include <git2.h>
#include <string>
#include <vector>

namespace oe::git {

/// Paths as libgit2 takes them, which only reads them; views into `paths`.
class PathList {
 public:
  explicit PathList(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) pointers_.push_back(const_cast<char*>(path.c_str()));
  }
  bool empty() const { return pointers_.empty(); }
  git_strarray array() { return {pointers_.data(), pointers_.size()}; }

 private:
  std::vector<char*> pointers_;
};

}  // namespace oe::git
