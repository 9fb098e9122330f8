#include "llm/schema_rules.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema_parser.hpp>

#include "oe/base/text.hpp"

#include "llm/schema_value.hpp"

namespace oe::llm {

namespace {

using nlohmann::json;

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

class ChoicesBuilder : public valijson::ConstraintBuilder {
 public:
  explicit ChoicesBuilder(bool is_list) : is_list_(is_list) {}
  valijson::constraints::Constraint* make(const valijson::adapters::Adapter& adapter) const override {
    const json value = json_of(adapter);
    return new Choices(is_list_ ? value : json::array({value}));
  }

 private:
  bool is_list_;
};

}  // namespace

Choices::Choices(const json& values) : values_(std::make_shared<const json>(values)) {}

bool Choices::validate(const valijson::adapters::Adapter& target, const std::vector<std::string>&,
                       valijson::ValidationResults*) const {
  return has(json_of(target));
}

bool Choices::has(const json& value) const {
  return std::ranges::find(*values_, value) != values_->end();
}

std::string Choices::wanted() const {
  std::vector<std::string> words;
  std::ranges::transform(*values_, std::back_inserter(words), shown);
  return words.size() == 1 ? words.front() : "one of " + join(words, ", ");
}

void read_rules(const json& schema, valijson::Schema& rules) {
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.addConstraintBuilder("enum", new ChoicesBuilder(true));
  parser.addConstraintBuilder("const", new ChoicesBuilder(false));
  parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(schema), rules);
}

}  // namespace oe::llm
