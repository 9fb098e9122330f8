#pragma once

#include <optional>
#include <string>

#include "oe/base/result.hpp"
#include "oe/git/repository.hpp"

namespace oe::cli {

/// .openexpertise/config.yaml: each room reads its own part of it.
struct ConfigFile {
  std::string name;  ///< for messages
  std::string text;
};
/// The working tree's own first, for the project may have committed it; nothing where there is none. Errors:
/// environment, input (over 1 MiB).
Result<std::optional<ConfigFile>> read_config(const git::Place& place);

}  // namespace oe::cli
