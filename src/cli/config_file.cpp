#include "cli/config_file.hpp"

#include <filesystem>
#include <system_error>

#include "oe/ledger/ledger.hpp"
#include "oe/sys/file.hpp"

namespace oe::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostConfig = std::size_t{1} << 20;  // bytes

}  // namespace

Result<std::optional<ConfigFile>> read_config(const git::Place& place) {
  for (const fs::path& root : {place.root, place.main_root}) {
    const fs::path file = ledger::directory_of(root) / "config.yaml";
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) continue;
    OE_TRY(std::string text, sys::read_file(file, kMostConfig));
    return ConfigFile{file.lexically_proximate(fs::current_path()).string(), std::move(text)};
  }
  return std::nullopt;
}

}  // namespace oe::cli
