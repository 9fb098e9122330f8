#include "evolve/patch_identity.hpp"

#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"

namespace oe::evolve {

std::string patch_identity(std::string_view diff) {
  std::string kept;
  for (const std::string& line : split(std::string(diff), '\n')) {
    if (line.starts_with("index ")) continue;
    kept += line.starts_with("@@ ") ? "@@" : line;
    kept += '\n';
  }
  return sha256_hex(kept);
}

}  // namespace oe::evolve
