#include "evolve/pairs_json.hpp"

#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace oe::evolve {

namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

template <class Enum, std::size_t N>
const char* name_of(const Names<Enum, N>& names, Enum value) {
  for (const auto& [one, name] : names)
    if (one == value) return name;
  return "";
}

template <class Enum, std::size_t N>
Enum value_of(const Names<Enum, N>& names, const Json& json, const char* member) {
  const std::string word = json.at(member).get<std::string>();
  for (const auto& [one, name] : names)
    if (word == name) return one;
  throw Json::type_error::create(302, fmt::format("{} is no word for {}", word, member), &json);
}

constexpr Names<Direction, 2> kDirections = {{{Direction::lower, "lower"}, {Direction::higher, "higher"}}};
constexpr Names<Role, 2> kRoles = {{{Role::goal, "goal"}, {Role::guard, "guard"}}};
constexpr Names<Scale, 3> kScales = {
    {{Scale::relative, "relative"}, {Scale::absolute, "absolute"}, {Scale::yes_no, "yes_no"}}};
constexpr Names<Expectation::Kind, 5> kKinds = {{{Expectation::Kind::node_succeeds, "node_succeeds"},
                                                 {Expectation::Kind::fewer_failed_items, "fewer_failed_items"},
                                                 {Expectation::Kind::shorter_wall_time, "shorter_wall_time"},
                                                 {Expectation::Kind::case_reproduces, "case_reproduces"},
                                                 {Expectation::Kind::no_worse, "no_worse"}}};

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

Ordered expectation_json(const Expectation& expectation) {
  return {{"kind", name_of(kKinds, expectation.kind)},
          {"node", expectation.node.text},
          {"before", expectation.before}};
}

Expectation expectation_in(const Json& json) {
  return {.kind = value_of(kKinds, json, "kind"),
          .node = {json.at("node").get<std::string>()},
          .before = json.at("before").get<std::uint64_t>()};
}

}  // namespace oe::evolve
