#pragma once

#include <string>
#include <string_view>

#include "llm/draft.hpp"

namespace oe::llm {

/// What an API says in an error object, in its body or in the middle of a stream.
struct ApiFault {
  std::string message;  ///< one line, maybe empty
  std::string kind;     ///< type, code or status, those that there are with a blank between
  bool is_spent = false;
};
/// Reads {"error":{"message","type"|"code"|"status"}}, {"error":"..."}, {"message"}, {"detail"} and a list of one.
ApiFault fault_in(const nlohmann::json& body);

/// Wire::error of every API: their bodies have one shape but for names, and whatever stands between may send any.
ApiError api_error(int status, std::string_view body);

/// How a call ends when its stream brings this: denied for keys and money, else unavailable (overload, server errors).
void fail_with(Draft& draft, const nlohmann::json& body);

}  // namespace oe::llm
