// Checks values under schemas that valijson has read. Its own validator is not used: it has std::regex inside, names no
// values and says ten things for one fault.
#define VALIJSON_USE_EXCEPTIONS 1  // without it a fault of a schema ends the program
#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <map>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"
#include "oe/llm/schema.hpp"

#include "plain_line.hpp"
#include "schema_form.hpp"
#include "schema_value.hpp"

namespace oe::llm {

namespace {

using nlohmann::json;
using valijson::Subschema;

constexpr std::size_t kMostSteps = 1'000'000;  // parts of values held against parts of schemas
constexpr std::size_t kMostLevels = 300;
constexpr std::size_t kMostCollected = 200;

json json_of(const valijson::adapters::Adapter& adapter) {
  if (adapter.isBool()) return adapter.getBool();
  if (adapter.isInteger()) return adapter.getInteger();
  if (adapter.isNumber()) return adapter.getNumber();
  if (adapter.isString()) return adapter.getString();
  json value;
  if (adapter.isArray()) {
    value = json::array();
    adapter.applyToArray([&](const auto& item) { return value.push_back(json_of(item)), true; });
  } else if (adapter.isObject()) {
    value = json::object();
    adapter.applyToObject([&](const auto& name, const auto& item) { return value[name] = json_of(item), true; });
  }
  return value;
}

/// `enum` and `const` again, as valijson keeps their values to itself.
class Choices : public valijson::constraints::PolyConstraint {
 public:
  explicit Choices(std::vector<json> values) : values_(std::move(values)) {}
  bool validate(const valijson::adapters::Adapter& target, const std::vector<std::string>&,
                valijson::ValidationResults*) const override {
    return has(json_of(target));
  }
  bool has(const json& value) const { return std::ranges::find(values_, value) != values_.end(); }
  std::string wanted() const {
    std::vector<std::string> words;
    std::ranges::transform(values_, std::back_inserter(words), shown);
    return values_.size() == 1 ? words.front() : "one of " + join(words, ", ");
  }

 private:
  Constraint* cloneInto(void* place) const override { return new (place) Choices(*this); }
  std::size_t sizeOf() const override { return sizeof(Choices); }

  std::vector<json> values_;
};

class ChoicesBuilder : public valijson::ConstraintBuilder {
 public:
  explicit ChoicesBuilder(bool is_list) : is_list_(is_list) {}
  valijson::constraints::Constraint* make(const valijson::adapters::Adapter& adapter) const override {
    const json value = json_of(adapter);
    return new Choices(is_list_ ? value.get<std::vector<json>>() : std::vector{value});
  }

 private:
  bool is_list_;
};

using SchemaFaults = std::vector<SchemaFault>;

/// What all checks of one value share.
struct CheckWork {
  std::map<std::string, graph::Pattern> patterns;
  std::size_t steps = 0;
  std::size_t level = 0;
  bool gave_up = false;

  bool matches(const std::string& pattern, const std::string& text);
};

bool CheckWork::matches(const std::string& pattern, const std::string& text) {
  auto known = patterns.find(pattern);
  if (known == patterns.end()) {
    auto compiled = graph::Pattern::compile(pattern);
    if (!compiled) return gave_up = true;
    known = patterns.emplace(pattern, std::move(*compiled)).first;
  }
  return known->second.found_in(text);
}

/// Holds one value against the constraints of one schema; each visit() returns whether its constraint is kept.
class ValueCheck : public valijson::constraints::ConstraintVisitor {
 public:
  ValueCheck(CheckWork& work, const json& value, std::string at, SchemaFaults& faults)
      : work_(work), value_(value), at_(std::move(at)), faults_(faults) {}

  bool fits(const Subschema& schema);

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
  bool part(const json& value, std::string_view token, const Subschema& schema);
  bool silently(const json& value, const Subschema& schema);
  bool is_multiple_of(double divisor);
  bool member(const json& value, const std::string& name, const PropertiesConstraint& properties);
  bool unknown_member(const std::string& name, const PropertiesConstraint& properties);
  template <class Alternatives>
  std::size_t fitting(const Alternatives& alternatives);
  void explain(std::vector<SchemaFaults> branches);

  CheckWork& work_;
  const json& value_;
  std::string at_;
  SchemaFaults& faults_;
};

bool ValueCheck::fits(const Subschema& schema) {
  if (schema.getAlwaysInvalid()) return fault(0, "must not be there");
  if (++work_.steps > kMostSteps || work_.level >= kMostLevels) work_.gave_up = true;
  if (work_.gave_up) return true;
  ++work_.level;
  Subschema::ApplyFunction visit_one = [&](const valijson::constraints::Constraint& one) { return one.accept(*this); };
  const bool is_fitting = schema.apply(visit_one);
  --work_.level;
  return is_fitting;
}

bool ValueCheck::fault(int rank, std::string text, std::string wanted) {
  if (faults_.size() < kMostCollected) faults_.push_back({rank, at_, std::move(text), std::move(wanted)});
  return false;
}

bool ValueCheck::must_be(int rank, const std::string& wanted) {
  return fault(rank, fmt::format("must be {}, not {}", wanted, shown(value_)), wanted);
}

bool ValueCheck::part(const json& value, std::string_view token, const Subschema& schema) {
  return ValueCheck(work_, value, pointer_to(at_, token), faults_).fits(schema);
}

bool ValueCheck::silently(const json& value, const Subschema& schema) {
  SchemaFaults unheard;
  return ValueCheck(work_, value, at_, unheard).fits(schema);
}

bool ValueCheck::visit(const AllOfConstraint& all) {
  bool is_kept = true;
  all.applyToSubschemas([&](unsigned, const Subschema* one) {
    is_kept = fits(*one) && is_kept;
    return true;
  });
  return is_kept;
}

/// How many alternatives fit; the faults of the nearest when none does.
template <class Alternatives>
std::size_t ValueCheck::fitting(const Alternatives& alternatives) {
  std::size_t count = 0;
  std::vector<SchemaFaults> branches;
  alternatives.applyToSubschemas([&](unsigned, const Subschema* one) {
    SchemaFaults faults;
    if (ValueCheck(work_, value_, at_, faults).fits(*one))
      ++count;
    else
      branches.push_back(std::move(faults));
    return true;
  });
  if (count == 0) explain(std::move(branches));
  return count;
}

/// When every alternative wants another value at this place, all are named; else the one that is wrong in fewest places
/// and not from the start.
void ValueCheck::explain(std::vector<SchemaFaults> branches) {
  const auto is_plain = [&](const SchemaFaults& faults) {
    return faults.size() == 1 && faults.front().at == at_ && !faults.front().wanted.empty();
  };
  if (std::ranges::all_of(branches, is_plain)) {
    std::vector<std::string> wanted;
    for (const SchemaFaults& faults : branches)
      if (std::ranges::find(wanted, faults.front().wanted) == wanted.end()) wanted.push_back(faults.front().wanted);
    must_be(0, listed(wanted));
    return;
  }
  const auto distance = [&](const SchemaFaults& faults) {
    const bool is_other = std::ranges::any_of(
        faults, [&](const SchemaFault& f) { return f.at == at_ && f.rank == 0 && !f.wanted.empty(); });
    const bool is_other_kind = std::ranges::any_of(faults, [](const SchemaFault& f) { return f.rank == 1; });
    return std::tuple(is_other, is_other_kind, faults.size());
  };
  const auto best = std::ranges::min_element(branches, {}, distance);
  if (best != branches.end()) std::ranges::move(*best, std::back_inserter(faults_));
}

bool ValueCheck::visit(const AnyOfConstraint& any) {
  return fitting(any) > 0;
}

bool ValueCheck::visit(const OneOfConstraint& one) {
  const std::size_t count = fitting(one);
  return count == 1 || (count > 1 && fault(0, fmt::format("fits {} of the alternatives and may fit only one", count)));
}

bool ValueCheck::visit(const NotConstraint& none) {
  return !silently(value_, *none.getSubschema()) || fault(0, fmt::format("must not be {}", shown(value_)));
}

bool ValueCheck::visit(const ConditionalConstraint& when) {
  const Subschema* next = silently(value_, *when.getIfSubschema()) ? when.getThenSubschema() : when.getElseSubschema();
  return next == nullptr || fits(*next);
}

bool ValueCheck::visit(const PolyConstraint& choices) {
  const auto& all = dynamic_cast<const Choices&>(choices);
  return all.has(value_) || must_be(1, all.wanted());
}

bool ValueCheck::visit(const TypeConstraint& types) {
  using Type = TypeConstraint::JsonType;
  const bool is_whole = value_.is_number_integer() ||
                        (value_.is_number_float() && std::trunc(value_.get<double>()) == value_.get<double>());
  bool is_kept = false;
  std::vector<std::string> names;
  types.applyToNamedTypes([&](Type type) {
    switch (type) {
      case Type::kAny:
        is_kept = true;
        break;
      case Type::kArray:
        is_kept = is_kept || value_.is_array();
        names.emplace_back("an array");
        break;
      case Type::kBoolean:
        is_kept = is_kept || value_.is_boolean();
        names.emplace_back("true or false");
        break;
      case Type::kInteger:
        is_kept = is_kept || is_whole;
        names.emplace_back("an integer");
        break;
      case Type::kNull:
        is_kept = is_kept || value_.is_null();
        names.emplace_back("null");
        break;
      case Type::kNumber:
        is_kept = is_kept || value_.is_number();
        names.emplace_back("a number");
        break;
      case Type::kObject:
        is_kept = is_kept || value_.is_object();
        names.emplace_back("an object");
        break;
      case Type::kString:
        is_kept = is_kept || value_.is_string();
        names.emplace_back("a string");
        break;
    }
    return true;
  });
  return is_kept || must_be(0, listed(names));
}

bool ValueCheck::visit(const RequiredConstraint& required) {
  if (!value_.is_object()) return true;
  bool is_kept = true;
  required.applyToRequiredProperties([&](const auto& name) {
    if (!value_.contains(name.c_str())) is_kept = fault(0, fmt::format("lacks \"{}\"", name.c_str()));
    return true;
  });
  return is_kept;
}

bool ValueCheck::visit(const PropertiesConstraint& properties) {
  if (!value_.is_object()) return true;
  bool is_kept = true;
  for (const auto& [name, value] : value_.items()) is_kept = member(value, name, properties) && is_kept;
  return is_kept;
}

bool ValueCheck::member(const json& value, const std::string& name, const PropertiesConstraint& properties) {
  bool is_known = false;
  bool is_kept = true;
  const auto hold = [&](const Subschema& schema) {
    is_known = true;
    is_kept = part(value, name, schema) && is_kept;
  };
  properties.applyToProperties([&](const auto& own, const Subschema* schema) {
    if (name == own.c_str()) hold(*schema);
    return true;
  });
  properties.applyToPatternProperties([&](const auto& pattern, const Subschema* schema) {
    if (work_.matches(pattern.c_str(), name)) hold(*schema);
    return true;
  });
  const Subschema* others = properties.getAdditionalPropertiesSubschema();
  if (!is_known && (others == nullptr || others->getAlwaysInvalid())) return unknown_member(name, properties);
  if (!is_known) hold(*others);
  return is_kept;
}

bool ValueCheck::unknown_member(const std::string& name, const PropertiesConstraint& properties) {
  std::vector<std::string> known;
  properties.applyToProperties([&](const auto& own, const Subschema*) {
    known.emplace_back(own.c_str());
    return true;
  });
  const std::string hint = did_you_mean(name, known);
  return fault(0, fmt::format("may not have \"{}\"{}", plain_line(name), hint.empty() ? "" : "; " + hint));
}

bool ValueCheck::visit(const PropertyNamesConstraint& names) {
  if (!value_.is_object()) return true;
  bool is_kept = true;
  for (const auto& member : value_.items())
    is_kept = part(json(member.key()), member.key(), *names.getSubschema()) && is_kept;
  return is_kept;
}

bool ValueCheck::visit(const DependenciesConstraint& dependencies) {
  if (!value_.is_object()) return true;
  bool is_kept = true;
  dependencies.applyToPropertyDependencies([&](const auto& name, const auto& others) {
    if (!value_.contains(name.c_str())) return true;
    for (const auto& other : others)
      if (!value_.contains(other.c_str()))
        is_kept = fault(0, fmt::format("lacks \"{}\", which \"{}\" needs", other.c_str(), name.c_str()));
    return true;
  });
  dependencies.applyToSchemaDependencies([&](const auto& name, const Subschema* schema) {
    if (value_.contains(name.c_str())) is_kept = fits(*schema) && is_kept;
    return true;
  });
  return is_kept;
}

bool ValueCheck::visit(const SingularItemsConstraint& items) {
  if (!value_.is_array()) return true;
  bool is_kept = true;
  for (std::size_t i = 0; i < value_.size() && !work_.gave_up; ++i)
    is_kept = part(value_[i], std::to_string(i), *items.getItemsSubschema()) && is_kept;
  return is_kept;
}

bool ValueCheck::visit(const LinearItemsConstraint& items) {
  if (!value_.is_array()) return true;
  bool is_kept = true;
  items.applyToItemSubschemas([&](unsigned i, const Subschema* schema) {
    if (i < value_.size()) is_kept = part(value_[i], std::to_string(i), *schema) && is_kept;
    return true;
  });
  const Subschema* others = items.getAdditionalItemsSubschema();
  const std::size_t count = items.getItemSubschemaCount();
  if (others == nullptr)
    return keeps(value_.size() <= count, fmt::format("must have at most {} items", count)) && is_kept;
  for (std::size_t i = count; i < value_.size(); ++i) is_kept = part(value_[i], std::to_string(i), *others) && is_kept;
  return is_kept;
}

bool ValueCheck::visit(const ContainsConstraint& contains) {
  if (!value_.is_array()) return true;
  const bool is_kept =
      std::ranges::any_of(value_, [&](const json& item) { return silently(item, *contains.getSubschema()); });
  return keeps(is_kept, "lacks an item that its schema wants ('contains')");
}

bool ValueCheck::visit(const UniqueItemsConstraint&) {
  if (!value_.is_array()) return true;
  std::vector<const json*> items;
  for (const json& item : value_) items.push_back(&item);
  std::ranges::sort(items, [](const json* a, const json* b) { return *a < *b; });
  const auto twice = std::ranges::adjacent_find(items, [](const json* a, const json* b) { return *a == *b; });
  return twice == items.end() || fault(2, fmt::format("must not have the same item twice: {}", shown(**twice)));
}

bool ValueCheck::visit(const FormatConstraint& format) {
  return !value_.is_string() || has_format(value_.get<std::string>(), format.getFormat()) ||
         must_be(2, fmt::format("of the format {}", plain_line(format.getFormat())));
}

bool ValueCheck::visit(const PatternConstraint& constraint) {
  if (!value_.is_string()) return true;
  std::string pattern;
  constraint.getPattern(pattern);
  return work_.matches(pattern, value_.get<std::string>()) ||
         fault(2, fmt::format("must match {}, not {}", plain_line(pattern), shown(value_)));
}

bool ValueCheck::visit(const MaximumConstraint& limit) {
  if (!value_.is_number()) return true;
  const double value = value_.get<double>();
  if (limit.getExclusiveMaximum())
    return value < limit.getMaximum() || must_be(2, fmt::format("less than {}", limit.getMaximum()));
  return value <= limit.getMaximum() || must_be(2, fmt::format("at most {}", limit.getMaximum()));
}

bool ValueCheck::visit(const MinimumConstraint& limit) {
  if (!value_.is_number()) return true;
  const double value = value_.get<double>();
  if (limit.getExclusiveMinimum())
    return value > limit.getMinimum() || must_be(2, fmt::format("more than {}", limit.getMinimum()));
  return value >= limit.getMinimum() || must_be(2, fmt::format("at least {}", limit.getMinimum()));
}

bool ValueCheck::is_multiple_of(double divisor) {
  const double quotient = value_.get<double>() / divisor;
  return std::abs(quotient - std::round(quotient)) <= 1e-9 * std::max(1.0, std::abs(quotient)) ||
         must_be(2, fmt::format("a multiple of {}", divisor));
}

bool ValueCheck::visit(const MultipleOfDoubleConstraint& multiple) {
  return !value_.is_number() || is_multiple_of(multiple.getDivisor());
}
bool ValueCheck::visit(const MultipleOfIntConstraint& multiple) {
  return !value_.is_number() || is_multiple_of(static_cast<double>(multiple.getDivisor()));
}

bool ValueCheck::visit(const MaxItemsConstraint& limit) {
  return !value_.is_array() ||
         keeps(value_.size() <= limit.getMaxItems(),
               fmt::format("must have at most {} items, not {}", limit.getMaxItems(), value_.size()));
}
bool ValueCheck::visit(const MinItemsConstraint& limit) {
  return !value_.is_array() ||
         keeps(value_.size() >= limit.getMinItems(),
               fmt::format("must have at least {} items, not {}", limit.getMinItems(), value_.size()));
}
bool ValueCheck::visit(const MaxPropertiesConstraint& limit) {
  return !value_.is_object() ||
         keeps(value_.size() <= limit.getMaxProperties(),
               fmt::format("must have at most {} members, not {}", limit.getMaxProperties(), value_.size()));
}
bool ValueCheck::visit(const MinPropertiesConstraint& limit) {
  return !value_.is_object() ||
         keeps(value_.size() >= limit.getMinProperties(),
               fmt::format("must have at least {} members, not {}", limit.getMinProperties(), value_.size()));
}
bool ValueCheck::visit(const MaxLengthConstraint& limit) {
  if (!value_.is_string()) return true;
  const std::size_t length = characters(value_.get_ref<const std::string&>());
  return keeps(length <= limit.getMaxLength(),
               fmt::format("must have at most {} characters, not {}", limit.getMaxLength(), length));
}
bool ValueCheck::visit(const MinLengthConstraint& limit) {
  if (!value_.is_string()) return true;
  const std::size_t length = characters(value_.get_ref<const std::string&>());
  return keeps(length >= limit.getMinLength(),
               fmt::format("must have at least {} characters, not {}", limit.getMinLength(), length));
}

Result<std::vector<std::string>> checked(const json& value, const json& schema) {
  valijson::Schema rules;
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.addConstraintBuilder("enum", new ChoicesBuilder(true));
  parser.addConstraintBuilder("const", new ChoicesBuilder(false));
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), rules);
  CheckWork work;
  SchemaFaults faults;
  ValueCheck(work, value, "", faults).fits(rules);
  if (work.gave_up)
    return fail(ErrorKind::input,
                "the schema cannot be used: it refers to itself without end, or takes too long to check",
                "let each reference to an outer schema stand below 'properties' or 'items'");
  return fault_lines(std::move(faults));
}

}  // namespace

Result<std::vector<std::string>> faults_of(const Value& value, const Value& schema) {
  OE_CHECK(check_schema_form(schema.json()));
  try {
    return checked(value.json(), schema.json());
  } catch (const std::exception& error) {
    return fail(ErrorKind::input, fmt::format("the schema cannot be used: {}", plain_line(error.what())));
  }
}

}  // namespace oe::llm
