#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace oe::exec {

/// The relative paths that a source file names in import, export from, import() and require() (.mjs, .js, .cjs), or
/// the files that `from .name import` and `import name` (.py) may mean, as they count from the file's directory. A
/// scanner, no parser: comments and texts are passed over; what a program computes is not seen.
std::vector<std::string> relative_imports(std::string_view source, const std::filesystem::path& file);

}  // namespace oe::exec
