#pragma once

#include <string>
#include <vector>

namespace oe::llm {

/// The keys, and what of each shows in a base64 text that holds it (RFC 4648, both alphabets), wherever it begins
/// there: servers echo headers, and basic authorization is base64.
std::vector<std::string> forms_of(const std::vector<std::string>& keys);

}  // namespace oe::llm
