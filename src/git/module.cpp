#include "git/module.hpp"

#include <array>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>

namespace oe::git {
namespace {

constexpr const char* kModuleFile = "liboe-git.so";

/// Where the module is when it is built, and where it is when it is installed.
Result<std::filesystem::path> find_module() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(ErrorKind::environment, "cannot read /proc/self/exe: " + error.message(), "mount /proc");
  const std::filesystem::path here = program.parent_path();
  for (const auto& candidate : {here / kModuleFile, here.parent_path() / "lib" / "oe" / kModuleFile}) {
    if (std::filesystem::exists(candidate, error)) return candidate;
  }
  return fail(ErrorKind::environment,
              fmt::format("{} is neither in {} nor in ../lib/oe beside it", kModuleFile, here.string()),
              "install oe again: this part of it reads git repositories");
}

/// Never closed: libgit2 keeps thread-local state whose destructors live in the module.
Result<OpenFunction> load_open_function() {
  OE_TRY(const std::filesystem::path path, find_module());
  void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    return fail(ErrorKind::environment, fmt::format("cannot load {}: {}", path.string(), ::dlerror()),
                "apt-get install libgit2-1.5");
  }
  void* symbol = ::dlsym(module, kOpenSymbol);
  if (symbol == nullptr) {
    return fail(ErrorKind::environment, fmt::format("{} belongs to another version of oe", path.string()),
                "install oe again");
  }
  return reinterpret_cast<OpenFunction>(symbol);
}

}  // namespace

Result<std::unique_ptr<Repository>> open_repository(const Place& place) {
  OE_TRY(const OpenFunction open, load_open_function());
  Result<std::unique_ptr<Repository>> repository;
  open(place, repository);
  return repository;
}

}  // namespace oe::git
