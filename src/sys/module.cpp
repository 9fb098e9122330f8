#include "oe/sys/module.hpp"

#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <system_error>

namespace oe::sys {
namespace {

namespace fs = std::filesystem;

/// Where the module is when it is built, and where it is when it is installed.
Result<fs::path> find_module(const std::string& file) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return fail(ErrorKind::environment, "cannot read /proc/self/exe: " + error.message(), "mount /proc");
  const fs::path here = program.parent_path();
  for (const auto& candidate : {here / file, here.parent_path() / "lib" / "oe" / file}) {
    if (fs::exists(candidate, error)) return candidate;
  }
  return fail(ErrorKind::environment,
              fmt::format("{} is neither in {} nor in ../lib/oe beside it", file, here.string()),
              "install oe again: it needs that part for this");
}

}  // namespace

// Never closed: libraries keep thread-local state whose destructors live in the module.
Result<void*> load_symbol(std::string_view name, const char* symbol, std::string_view needs) {
  OE_TRY(const fs::path path, find_module(fmt::format("lib{}.so", name)));
  void* module = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    return fail(ErrorKind::environment, fmt::format("cannot load {}: {}", path.string(), ::dlerror()),
                fmt::format("apt-get install {}", needs));
  }
  void* address = ::dlsym(module, symbol);
  if (address == nullptr) {
    return fail(ErrorKind::environment, fmt::format("{} belongs to another version of oe", path.string()),
                "install oe again");
  }
  return address;
}

}  // namespace oe::sys
