#include "forge/fields.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace oe::forge {

std::string text_in(const Value& object, std::string_view name) {
  return object.get(name).string_or("");
}

std::uint64_t number_in(const Value& object, std::string_view name) {
  const Value member = object.get(name);
  return member.json().is_number_unsigned() ? member.json().get<std::uint64_t>() : 0;
}

bool flag_in(const Value& object, std::string_view name) {
  const Value member = object.get(name);
  return member.json().is_boolean() && member.json().get<bool>();
}

Result<void> require_request(std::uint64_t number, const std::string& url, std::string_view forge) {
  if (number != 0 && !url.empty()) return {};
  return fail(ErrorKind::environment, fmt::format("{} answered with something that is no change request", forge),
              "is that the address of the forge?");
}

}  // namespace oe::forge
