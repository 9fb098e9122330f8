#include "evolve/pairs_json.hpp"

#include <nlohmann/json.hpp>

#include "evolve/enum_words.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr Names<Direction, 2> kDirections = {{{Direction::lower, "lower"}, {Direction::higher, "higher"}}};
constexpr Names<Role, 2> kRoles = {{{Role::goal, "goal"}, {Role::guard, "guard"}}};
constexpr Names<Scale, 3> kScales = {
    {{Scale::relative, "relative"}, {Scale::absolute, "absolute"}, {Scale::yes_no, "yes_no"}}};

Ordered values_json(const std::vector<Measured>& values) {
  Ordered list = Ordered::array();
  for (const Measured& value : values) list.push_back(value ? Ordered(*value) : Ordered());
  return list;
}

std::vector<Measured> measured_in(const Json& list) {
  std::vector<Measured> values;
  for (const Json& value : list) values.push_back(value.is_null() ? Measured() : Measured(value.get<double>()));
  return values;
}

}  // namespace

Ordered metric_json(const Metric& metric) {
  return {{"name", metric.name},
          {"direction", name_of(kDirections, metric.direction)},
          {"role", name_of(kRoles, metric.role)},
          {"scale", name_of(kScales, metric.scale)},
          {"margin", metric.margin},
          {"unit", metric.unit}};
}

Metric metric_in(const Json& json) {
  return {.name = json.at("name").get<std::string>(),
          .direction = value_of(kDirections, json, "direction"),
          .role = value_of(kRoles, json, "role"),
          .scale = value_of(kScales, json, "scale"),
          .margin = json.at("margin").get<double>(),
          .unit = json.at("unit").get<std::string>()};
}

Ordered pair_json(const Pair& pair) {
  return {{"case", pair.case_name},
          {"anchor", pair.is_anchor},
          {"holdout", pair.is_holdout},
          {"base", values_json(pair.base)},
          {"candidate", values_json(pair.candidate)}};
}

Pair pair_in(const Json& json, std::size_t metrics) {
  Pair pair{.case_name = json.at("case").get<std::string>(),
            .is_anchor = json.at("anchor").get<bool>(),
            .is_holdout = json.at("holdout").get<bool>(),
            .base = measured_in(json.at("base")),
            .candidate = measured_in(json.at("candidate"))};
  if (pair.base.size() == metrics && pair.candidate.size() == metrics) return pair;
  throw Json::out_of_range::create(401, "a pair has not a value for each metric", &json);
}

}  // namespace oe::evolve
