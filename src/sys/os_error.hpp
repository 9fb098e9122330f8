#pragma once

#include <filesystem>
#include <string_view>

#include "oe/base/error.hpp"

namespace oe::sys {

/// What the system said (an errno) about doing something to a path: "cannot write /a/b: the disk is full", with a hint
/// where there is something to do about it. Kind environment.
Error os_error(int code, std::string_view doing, const std::filesystem::path& path);

}  // namespace oe::sys
