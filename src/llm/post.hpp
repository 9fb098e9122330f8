#pragma once

#include <string>

#include "draft.hpp"

namespace oe::llm {

/// A POST of JSON with the headers of the API; those of the endpoint come last and win.
http::Request post_json(const Endpoint& endpoint, std::string url, http::Headers own, nlohmann::json body);

/// [{"role":...,"content":...}, ...]: `system` under its role where it is not empty, then the turns.
nlohmann::json role_messages(const Ask& ask, std::string_view system_role, const std::string& system);

/// The schema for an API that takes only the strict subset. Errors: input, naming pointer and provider.
Result<nlohmann::json> strict_schema(const Ask& ask, std::string_view provider);

/// schema_name as every API takes it: at most 64 letters, digits, '_' and '-'.
std::string schema_name(const Ask& ask);

/// What calls with the same static start have in common, for APIs that route by it.
std::string cache_key(const Ask& ask);

}  // namespace oe::llm
