#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace oe::llm {

/// One way in which a value does not fit its schema.
struct SchemaFault {
  int rank = 0;  ///< 0: another form, 1: another value, 2: past a limit
  std::string at;
  std::string text;
  std::string wanted;  ///< after "must be", where the text is just that; alternatives are joined
};

/// A value as a message shows it: JSON, cut when it is long.
std::string shown(const nlohmann::json& value);
/// "a", "b" or "c"
std::string listed(const std::vector<std::string>& words);
/// Code points (the length of JSON Schema).
std::size_t characters(std::string_view text);
/// Whether the text has a format of draft 7 that we know; true for others, as the standard wants it.
bool has_format(const std::string& text, std::string_view format);

/// The faults as lines "/verdict: must be ...", the most telling first, at most ten.
std::vector<std::string> fault_lines(std::vector<SchemaFault> faults);

}  // namespace oe::llm
