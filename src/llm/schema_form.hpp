#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "oe/base/result.hpp"

namespace oe::llm {

/// Whether a schema of draft 7 is written as it must be: the types of the keywords, references that lead somewhere in
/// the same schema and not in a circle, patterns of RE2; at most 64 levels and 10,000 parts. Errors: input, naming the
/// JSON pointer.
Result<void> check_schema_form(const nlohmann::json& schema);

/// What "#/..." points at; nullptr when there is no such place, or it is a place elsewhere.
const nlohmann::json* referred(const nlohmann::json& root, std::string_view reference);

/// Follows $ref until there is none: check_schema_form() has seen that this ends.
const nlohmann::json& without_reference(const nlohmann::json& root, const nlohmann::json& schema);

/// One more token of a JSON pointer (RFC 6901).
std::string pointer_to(const std::string& parent, std::string_view token);

}  // namespace oe::llm
