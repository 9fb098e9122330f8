#pragma once

#include <string_view>

#include "oe/base/result.hpp"

namespace oe::sys {

/// The address of a symbol in lib<name>.so, which is loaded now and stays loaded; it lies beside the program, or in
/// ../lib/oe. For parts whose libraries cost too much to load at every start. `needs` is what to install for it.
/// Errors: environment, with what to type.
Result<void*> load_symbol(std::string_view name, const char* symbol, std::string_view needs);

}  // namespace oe::sys
