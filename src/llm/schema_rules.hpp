#pragma once

// The one door to valijson. Its own validator is not used: it has std::regex inside, names no values and says ten
// things for one fault.
#define VALIJSON_USE_EXCEPTIONS 1  // without it a fault of a schema ends the program
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>
#include <vector>

namespace oe::llm {

/// `enum` and `const` again, as valijson keeps their values to itself.
class Choices : public valijson::constraints::PolyConstraint {
 public:
  explicit Choices(const nlohmann::json& values);  // an array
  bool validate(const valijson::adapters::Adapter& target, const std::vector<std::string>&,
                valijson::ValidationResults*) const override;
  bool has(const nlohmann::json& value) const;
  std::string wanted() const;

 private:
  Constraint* cloneInto(void* place) const override { return new (place) Choices(*this); }
  std::size_t sizeOf() const override { return sizeof(Choices); }

  std::shared_ptr<const nlohmann::json> values_;
};

/// Reads a schema that check_schema_form() has passed. Throws std::exception.
void read_rules(const nlohmann::json& schema, valijson::Schema& rules);

}  // namespace oe::llm
