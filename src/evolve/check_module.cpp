#include "evolve/check_module.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "evolve/entry_test.hpp"

namespace oe::evolve {

namespace {

using Demand = EntryTest::Demand;

bool is_identifier(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

std::string js_text(std::string_view text) {
  return Value::of(text).dump();
}

std::string type_condition(const std::string& type) {
  if (type == "array") return "Array.isArray(value)";
  if (type == "object") return "value !== null && typeof value === \"object\" && !Array.isArray(value)";
  return "typeof value === " + js_text(type);
}

std::string js_condition(const EntryTest& test) {
  switch (test.demand) {
    case Demand::present:
      return "value !== undefined && value !== null";
    case Demand::of_type:
      return type_condition(test.type);
    case Demand::not_blank:
      return "typeof value === \"string\" && /[^ \\t\\r\\n\\f\\v]/.test(value)";
    case Demand::not_negative:
      return "typeof value === \"number\" && value >= 0";
    case Demand::positive:
      return "typeof value === \"number\" && value > 0";
    case Demand::not_empty:
      return "Array.isArray(value) && value.length > 0";
  }
  return "true";
}

using Fillings = std::map<std::string, std::string, std::less<>>;

// Puts a filling in place of each "@NAME@", in one pass: what was put in is not looked at again.
std::string filled_in(std::string_view text, const Fillings& fillings) {
  std::string filled;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@')) {
    const std::size_t end = text.find('@', at + 1);
    filled.append(text.substr(0, at)).append(fillings.find(text.substr(at + 1, end - at - 1))->second);
    text.remove_prefix(end + 1);
  }
  return filled.append(text);
}

// Text for a comment: it must not end the line, and in JavaScript U+2028 and U+2029 do.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool separator = text.substr(at, 3) == "\u2028" || text.substr(at, 3) == "\u2029";
    line += separator || static_cast<unsigned char>(text[at]) < 0x20 ? ' ' : text[at];
    if (separator) at += 2;
  }
  return line;
}

constexpr std::string_view kEntryItself = R"(// What an entry must be to be kept.
const isGood = (value) => @CONDITION@;
)";

constexpr std::string_view kMember = R"(// What an entry must have to be kept.
const isGood = (entry) => {
  const isObject = entry !== null && typeof entry === "object" && !Array.isArray(entry);
  const value = isObject && Object.hasOwn(entry, @MEMBER@) ? entry[@MEMBER@] : undefined;
  return @CONDITION@;
};
)";

constexpr std::string_view kModule =
    R"(// Keeps the entries of "@FIELD@" that "@CONSUMER@" can work on and reports the others: they are dropped, not repaired.
// Proposed by oe from recorded failures; from here on a tool like any other.

const FAULT = @FAULT@;

@TEST@
export default function @FUNCTION@({ _state }) {
  const entries = Array.isArray(_state@ACCESS@) ? _state@ACCESS@ : [];
  const dropped = [];
  const kept = entries.filter((entry, index) => {
    const good = isGood(entry);
    if (!good) dropped.push({ index, why: FAULT });
    return good;
  });
  for (const { index, why } of dropped) console.error(`@NAME@: dropped entry ${index}: ${why}`);
  return { state_delta: { @KEY@: kept }, edge_output: { dropped } };
}
)";

std::string camel_case(std::string_view name) {
  std::string camel;
  bool upper = false;
  for (const char c : name) {
    if (c == '_') {
      upper = !camel.empty();
      continue;
    }
    camel += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return camel;
}

}  // namespace

std::string check_module(const std::string& name, const std::string& field, const std::string& consumer,
                         const EntryTest& test) {
  const Fillings in_test = {{"CONDITION", js_condition(test)}, {"MEMBER", js_text(test.member)}};
  return filled_in(kModule, {{"TEST", filled_in(test.member.empty() ? kEntryItself : kMember, in_test)},
                             {"FUNCTION", camel_case(name)},
                             {"NAME", name},
                             {"ACCESS", is_identifier(field) ? "." + field : "[" + js_text(field) + "]"},
                             {"KEY", is_identifier(field) ? field : js_text(field)},
                             {"FIELD", on_one_line(field)},
                             {"CONSUMER", consumer},
                             {"FAULT", js_text(fault(test))}});
}

}  // namespace oe::evolve
