#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/llm/schema.hpp"

#include "llm/plain_line.hpp"
#include "llm/schema_form.hpp"
#include "llm/value_check.hpp"

namespace oe::llm {

Result<std::vector<std::string>> faults_of(const Value& value, const Value& schema) {
  OE_CHECK(check_schema_form(schema.json()));
  valijson::Schema rules;
  try {
    read_rules(schema.json(), rules);
  } catch (const std::exception& error) {
    return fail(ErrorKind::input, fmt::format("the schema cannot be used: {}", plain_line(error.what())));
  }
  CheckWork work;
  SchemaFaults faults;
  ValueCheck(work, value.json(), "", faults).fits(rules);
  if (work.gave_up)
    return fail(ErrorKind::input,
                "the schema cannot be used: it refers to itself without end, or takes too long to check",
                "let each reference to an outer schema stand below 'properties' or 'items'");
  return fault_lines(std::move(faults));
}

}  // namespace oe::llm
