#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace oe::hooks {

/// An object of git, and its bytes.
struct Object {
  std::string id;
  std::string type;
  std::string bytes;
};

/// The object `id` (hexadecimal) of the directory `objects` where it lies there in a file of its own, as what has just been
/// staged does. Nothing when it does not, and when the file is not whole or over `most` bytes: git says what is the case.
/// The format is that of gitformat-loose: "<type> <size>\0<bytes>", compressed with zlib.
std::optional<Object> loose_object(const std::filesystem::path& objects, std::string_view id, std::size_t most);

}  // namespace oe::hooks
