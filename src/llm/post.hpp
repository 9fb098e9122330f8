#pragma once

#include <string>

#include "llm/draft.hpp"

namespace oe::llm {

/// A POST of JSON with the headers of the API; those of the endpoint come last and win.
http::Request post_json(const Endpoint& endpoint, std::string url, http::Headers own, nlohmann::json body);

/// [{"role":...,"content":...}, ...]: `system` under its role where it is not empty, then the turns.
nlohmann::json role_messages(const Ask& ask, std::string_view system_role, const std::string& system);

/// The system text with the schema at its end, for models that no API holds to it.
std::string system_with_schema(const Ask& ask);

/// The ask as an API takes it that holds its models to schemas of the strict subset: with such a schema; or, where it
/// leaves objects or lists open, without one and with its words in the system text. Errors: input, naming pointer and
/// provider, for what no API could take.
Result<Ask> strict_ask(const Ask& ask, std::string_view provider);

/// schema_name as every API takes it: at most 64 letters, digits, '_' and '-'.
std::string schema_name(const Ask& ask);

/// What calls with the same static start have in common, for APIs that route by it.
std::string cache_key(const Ask& ask);

}  // namespace oe::llm
