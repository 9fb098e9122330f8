#pragma once

#include <string>
#include <string_view>

namespace oe {

/// SHA-256 (FIPS 180-4) of the bytes, as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// The first 16 digits of sha256_hex: names content inside one ledger.
std::string short_digest(std::string_view bytes);

}  // namespace oe
