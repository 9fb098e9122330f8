#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "oe/base/value.hpp"

namespace oe::forge {

// What forges send: a member that is missing, null or of another type reads as nothing, as in older and newer versions.

std::string text_in(const Value& object, std::string_view name);
std::uint64_t number_in(const Value& object, std::string_view name);
bool flag_in(const Value& object, std::string_view name);

/// Errors: environment, when what came as a change request has neither number nor address.
Result<void> require_request(std::uint64_t number, const std::string& url, std::string_view forge);

}  // namespace oe::forge
