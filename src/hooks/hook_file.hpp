#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "oe/hooks/install.hpp"

#include "hooks/scripts.hpp"

namespace oe::hooks {

/// One hook in its directory, with the files beside it that it may have.
struct HookFile {
  std::filesystem::path directory;
  std::string name;

  std::filesystem::path path() const { return directory / name; }
  std::filesystem::path kept() const { return directory / (name + std::string(kKeptSuffix)); }
  std::filesystem::path fresh() const { return directory / (name + ".oe-new"); }
  /// What pre-commit and lefthook rename a hook to that they find.
  std::filesystem::path moved(std::string_view tool) const {
    return directory / (name + (tool == "lefthook" ? ".old" : ".legacy"));
  }
};

bool is_there(const std::filesystem::path& path);  ///< also a symlink to nowhere
/// The bytes that git would run; "" when there are none to be had.
std::string bytes_of(const std::filesystem::path& path);
Origin origin_at(const std::filesystem::path& path);
/// One file under two names, or two equal ones.
bool is_same(const std::filesystem::path& a, const std::filesystem::path& b);

HookState state_of(const HookFile& hook);

}  // namespace oe::hooks
