#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "oe/graph/expression.hpp"

#include "llm/schema_rules.hpp"
#include "llm/schema_value.hpp"

namespace oe::llm {

using SchemaFaults = std::vector<SchemaFault>;

/// What all checks of one value share.
struct CheckWork {
  std::map<std::string, graph::Pattern> patterns;
  std::size_t steps = 0;
  std::size_t level = 0;
  bool gave_up = false;

  /// By RE2; a pattern that it does not know makes the work give up.
  bool matches(const std::string& pattern, const std::string& text);
};

/// Holds one value against the constraints of one schema; each visit() returns whether its constraint is kept.
class ValueCheck : public valijson::constraints::ConstraintVisitor {
 public:
  ValueCheck(CheckWork& work, const nlohmann::json& value, std::string at, SchemaFaults& faults)
      : work_(work), value_(value), at_(std::move(at)), faults_(faults) {}

  bool fits(const valijson::Subschema& schema);

  bool visit(const AllOfConstraint&) override;
  bool visit(const AnyOfConstraint&) override;
  bool visit(const ConditionalConstraint&) override;
  bool visit(const ConstConstraint&) override { return true; }  // Choices
  bool visit(const ContainsConstraint&) override;
  bool visit(const DependenciesConstraint&) override;
  bool visit(const EnumConstraint&) override { return true; }  // Choices
  bool visit(const FormatConstraint&) override;
  bool visit(const LinearItemsConstraint&) override;
  bool visit(const MaximumConstraint&) override;
  bool visit(const MaxItemsConstraint&) override;
  bool visit(const MaxLengthConstraint&) override;
  bool visit(const MaxPropertiesConstraint&) override;
  bool visit(const MinItemsConstraint&) override;
  bool visit(const MinimumConstraint&) override;
  bool visit(const MinLengthConstraint&) override;
  bool visit(const MinPropertiesConstraint&) override;
  bool visit(const MultipleOfDoubleConstraint&) override;
  bool visit(const MultipleOfIntConstraint&) override;
  bool visit(const NotConstraint&) override;
  bool visit(const OneOfConstraint&) override;
  bool visit(const PatternConstraint&) override;
  bool visit(const PolyConstraint&) override;
  bool visit(const PropertiesConstraint&) override;
  bool visit(const PropertyNamesConstraint&) override;
  bool visit(const RequiredConstraint&) override;
  bool visit(const SingularItemsConstraint&) override;
  bool visit(const TypeConstraint&) override;
  bool visit(const UniqueItemsConstraint&) override;

 private:
  bool fault(int rank, std::string text, std::string wanted = {});
  bool must_be(int rank, const std::string& wanted);
  bool keeps(bool is_kept, std::string text) { return is_kept || fault(2, std::move(text)); }
  bool part(const nlohmann::json& value, std::string_view token, const valijson::Subschema& schema);
  bool silently(const nlohmann::json& value, const valijson::Subschema& schema);
  bool is_multiple_of(double divisor);
  bool member(const nlohmann::json& value, const std::string& name, const PropertiesConstraint& properties);
  bool unknown_member(const std::string& name, const PropertiesConstraint& properties);
  template <class Alternatives>
  std::size_t fitting(const Alternatives& alternatives);
  void explain(std::vector<SchemaFaults> branches);

  CheckWork& work_;
  const nlohmann::json& value_;
  std::string at_;
  SchemaFaults& faults_;
};

}  // namespace oe::llm
