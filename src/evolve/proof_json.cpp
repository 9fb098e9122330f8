#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "oe/base/box.hpp"
#include "oe/evolve/proof.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

constexpr Names<Direction, 2> kDirections = {{{Direction::lower, "lower"}, {Direction::higher, "higher"}}};
constexpr Names<Role, 2> kRoles = {{{Role::goal, "goal"}, {Role::guard, "guard"}}};
constexpr Names<Scale, 3> kScales = {
    {{Scale::relative, "relative"}, {Scale::absolute, "absolute"}, {Scale::yes_no, "yes_no"}}};
constexpr Names<Expectation::Kind, 5> kKinds = {{{Expectation::Kind::node_succeeds, "node_succeeds"},
                                                 {Expectation::Kind::fewer_failed_items, "fewer_failed_items"},
                                                 {Expectation::Kind::shorter_wall_time, "shorter_wall_time"},
                                                 {Expectation::Kind::case_reproduces, "case_reproduces"},
                                                 {Expectation::Kind::no_worse, "no_worse"}}};

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

Ordered to_json(const std::vector<Measured>& values) {
  Ordered list = Ordered::array();
  for (const Measured& value : values) list.push_back(value ? Ordered(*value) : Ordered());
  return list;
}

std::vector<Measured> measured_in(const Json& list) {
  std::vector<Measured> values;
  for (const Json& value : list) values.push_back(value.is_null() ? Measured() : Measured(value.get<double>()));
  return values;
}

Ordered to_json(const Metric& metric) {
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

Ordered to_json(const GateRule& rule) {
  return {{"alpha", rule.alpha},
          {"guard_alpha", rule.guard_alpha},
          {"loss_limit", rule.loss_limit},
          {"least_holdout", rule.least_holdout},
          {"lighter", rule.lighter}};
}

GateRule rule_in(const Json& json) {
  return {.alpha = json.at("alpha").get<double>(),
          .guard_alpha = json.at("guard_alpha").get<double>(),
          .loss_limit = json.at("loss_limit").get<double>(),
          .least_holdout = json.at("least_holdout").get<std::size_t>(),
          .lighter = json.at("lighter").get<std::string>()};
}

Ordered to_json(const Pair& pair) {
  return {{"case", pair.case_name},
          {"anchor", pair.is_anchor},
          {"holdout", pair.is_holdout},
          {"base", to_json(pair.base)},
          {"candidate", to_json(pair.candidate)}};
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

Ordered to_json(const Shown& shown) {
  return std::visit(overloaded{[](const PairsShown& pairs) {
                                 Ordered json = {{"metrics", Ordered::array()}, {"gate", to_json(pairs.rule)}};
                                 for (const Metric& metric : pairs.metrics) json["metrics"].push_back(to_json(metric));
                                 for (const Pair& pair : pairs.pairs) json["pairs"].push_back(to_json(pair));
                                 return json;
                               },
                               [](const FailuresShown& failures) {
                                 return Ordered{{"alpha", failures.alpha}, {"failures", failures.errors}};
                               }},
                    shown);
}

Shown shown_in(const Json& json) {
  if (json.contains("failures"))
    return FailuresShown{json.at("alpha").get<double>(), json.at("failures").get<std::vector<std::string>>()};
  PairsShown shown{.rule = rule_in(json.at("gate"))};
  for (const Json& metric : json.at("metrics")) shown.metrics.push_back(metric_in(metric));
  for (const Json& pair : json.at("pairs")) shown.pairs.push_back(pair_in(pair, shown.metrics.size()));
  return shown;
}

Proof proof_in(const Json& json) {
  if (json.at("v") != 1) throw Json::out_of_range::create(401, "it was written by another version of oe", &json);
  Proof proof{.fingerprint = {json.at("fingerprint").get<std::string>()},
              .workflow = json.at("workflow").get<std::string>(),
              .base = {json.at("base").get<std::string>()},
              .tree = {json.at("tree").get<std::string>()},
              .expectation = {.kind = value_of(kKinds, json.at("expectation"), "kind"),
                              .node = {json.at("expectation").at("node").get<std::string>()},
                              .before = json.at("expectation").at("before").get<std::uint64_t>()},
              .shown = shown_in(json.at("shown")),
              .effect = json.at("effect").get<std::string>(),
              .machine = json.at("machine").get<std::string>()};
  for (const Json& run : json.at("runs"))
    proof.runs.push_back({{run.at("id").get<std::string>()}, run.at("sha256").get<std::string>()});
  return proof;
}

}  // namespace

std::string to_json_text(const Proof& proof) {
  Ordered json = {{"v", 1},
                  {"fingerprint", proof.fingerprint.text},
                  {"workflow", proof.workflow},
                  {"base", proof.base.text},
                  {"tree", proof.tree.text},
                  {"effect", proof.effect},
                  {"change", Ordered::parse(to_value(proof.operation).dump())},
                  {"expectation",
                   {{"kind", name_of(kKinds, proof.expectation.kind)},
                    {"node", proof.expectation.node.text},
                    {"before", proof.expectation.before}}},
                  {"shown", to_json(proof.shown)},
                  {"runs", Ordered::array()},
                  {"machine", proof.machine}};
  for (const CitedRun& run : proof.runs) json["runs"].push_back({{"id", run.id.text}, {"sha256", run.sha256}});
  return json.dump(1, ' ', false, Ordered::error_handler_t::replace) + "\n";
}

Result<Proof> parse_proof(std::string_view text) {
  OE_TRY(const Value value, Value::parse(text));
  try {
    Proof proof = proof_in(value.json());
    OE_TRY(proof.operation, operation_of(value.get("change")));
    return proof;
  } catch (const Json::exception& exception) {
    return fail(ErrorKind::input, fmt::format("{} is not one that oe wrote: {}", kProofFile, exception.what()));
  }
}

}  // namespace oe::evolve
