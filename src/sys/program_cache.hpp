#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>

#include "oe/sys/process.hpp"

namespace oe::sys {

/// find_program, looking once for each name as long as PATH stays the same.
class ProgramCache {
 public:
  /// A name with a slash comes back as it is: where it counts from is the caller's business.
  std::optional<std::filesystem::path> find(const std::string& name) {
    if (name.find('/') != std::string::npos) return name;
    forget_when_path_changed();
    if (const auto known = found_.find(name); known != found_.end()) return known->second;
    auto program = find_program(name);
    if (program) found_.emplace(name, *program);
    return program;
  }

 private:
  void forget_when_path_changed() {
    const char* path = std::getenv("PATH");
    const std::string_view now = path != nullptr ? path : "";
    if (now == path_) return;
    path_ = now;
    found_.clear();
  }

  std::string path_;
  std::unordered_map<std::string, std::filesystem::path> found_;
};

}  // namespace oe::sys
