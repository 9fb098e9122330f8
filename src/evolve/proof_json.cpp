#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/box.hpp"
#include "oe/evolve/proof.hpp"

#include "evolve/pairs_json.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

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

Ordered to_json(const Shown& shown) {
  return std::visit(overloaded{[](const PairsShown& pairs) {
                                 Ordered json = {{"metrics", Ordered::array()}, {"gate", to_json(pairs.rule)}};
                                 for (const Metric& metric : pairs.metrics) json["metrics"].push_back(metric_json(metric));
                                 for (const Pair& pair : pairs.pairs) json["pairs"].push_back(pair_json(pair));
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
              .expectation = expectation_in(json.at("expectation")),
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
                  {"expectation", expectation_json(proof.expectation)},
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
