#include "oe/base/digest.hpp"

#include <array>
#include <sodium/crypto_hash_sha256.h>

namespace oe {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    hex += digits[byte >> 4];
    hex += digits[byte & 0xF];
  }
  return hex;
}

std::string short_digest(std::string_view bytes) {
  return sha256_hex(bytes).substr(0, 16);
}

}  // namespace oe
