#include "exec/command_output.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

namespace oe::exec {
namespace {

constexpr std::size_t kShownBytes = 80;

std::string shown_beginning(std::string_view output) {
  const std::string beginning = ellipsis(trim(output), kShownBytes);
  return beginning.empty() ? "it is empty" : fmt::format("it begins with `{}`", beginning);
}

Result<Value> output_json(std::string_view output) {
  auto value = Value::parse(output);
  if (value) return value;
  const Location& place = value.error().location();
  const std::string where = place.line > 0 ? fmt::format(" at {}:{}", place.line, place.column) : "";
  return fail(ErrorKind::input, fmt::format("standard output is not JSON{}: {}; {}", where, value.error().message(),
                                            shown_beginning(output)));
}

Result<void> check_output_text(std::string_view output) {
  const auto offset = invalid_utf8(output);
  if (!offset) return {};
  return fail(ErrorKind::input,
              fmt::format("standard output is not UTF-8 text: byte {} is 0x{:02x}", *offset + 1,
                          static_cast<unsigned>(static_cast<unsigned char>(output[*offset]))),
              "convert it with iconv, or write it to a file and capture the name");
}

Value output_lines(std::string_view output) {
  nlohmann::json lines = nlohmann::json::array();
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    lines.push_back(std::string(output.substr(0, end)));
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return Value(std::move(lines));
}

Result<Value> captured_value(graph::CaptureAs as, std::string_view output) {
  if (as == graph::CaptureAs::json) return output_json(output);
  OE_CHECK(check_output_text(output));
  if (as == graph::CaptureAs::lines) return output_lines(output);
  if (output.ends_with('\n')) output.remove_suffix(1);
  return Value::of(output);
}

Result<std::map<std::string, Value>> captured_members(const std::vector<std::string>& writes, const Value& value) {
  if (!value.is_object())
    return fail(ErrorKind::input,
                fmt::format("standard output has to be a JSON object with the keys {}; it is of type {}",
                            join(writes, ", "), value.json().type_name()));
  std::map<std::string, Value> captured;
  for (const auto& [key, member] : value.json().items()) {
    if (std::ranges::find(writes, key) == writes.end())
      return fail(ErrorKind::input, fmt::format("standard output has the key '{}', which the node does not write", key),
                  did_you_mean(key, writes));
    captured.emplace(key, Value(member));
  }
  return captured;
}

}  // namespace

Result<std::map<std::string, Value>> command_output(graph::CaptureAs as, const std::vector<std::string>& writes,
                                                    std::string_view output) {
  if (writes.empty()) return std::map<std::string, Value>{};
  if (writes.size() == 1) {
    OE_TRY(Value value, captured_value(as, output));
    return std::map<std::string, Value>{{writes.front(), std::move(value)}};
  }
  if (as != graph::CaptureAs::json)
    return fail(ErrorKind::input, fmt::format("a command that writes {} fields has to print JSON", writes.size()),
                "say `output: json` and print an object with their names as keys");
  OE_TRY(const Value value, output_json(output));
  return captured_members(writes, value);
}

}  // namespace oe::exec
