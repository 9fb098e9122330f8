#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/engine/plan.hpp"

#include "evolve/rule.hpp"
#include "evolve/seen.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;

// A member that is there in at least this many answers, and in at least this share of them, is meant to be there.
constexpr std::size_t kFewestWithMember = 3;
constexpr double kShareWithMember = 1.0 / 3;
// Each time that it was missing a node that needs it failed, at least so many times; with it that node succeeded.
constexpr std::size_t kFewestBroken = 2;
constexpr std::size_t kHighBroken = 4;

const graph::Asking* asking(const graph::Node& node) {
  if (const auto* agent = std::get_if<graph::Agent>(&node.work)) return &agent->ask;
  if (const auto* skill = std::get_if<graph::Skill>(&node.work)) return &skill->ask;
  return nullptr;
}

std::vector<std::string> required_now(const Json& schema) {
  std::vector<std::string> names;
  if (!schema.contains("required") || !schema["required"].is_array()) return names;
  for (const Json& name : schema["required"])
    if (name.is_string()) names.push_back(name);
  return names;
}

// Members of the answer that become fields, and that the answer may leave out.
std::vector<std::string> optional_members(const graph::Node& node, const Json& schema) {
  std::vector<std::string> names;
  if (!schema.is_object() || !schema.contains("properties") || !schema["properties"].is_object()) return names;
  const std::vector<std::string> required = required_now(schema);
  for (const auto& [name, shape] : schema["properties"].items()) {
    const bool is_field = std::ranges::find(node.writes, name) != node.writes.end();
    if (is_field && std::ranges::find(required, name) == required.end()) names.push_back(name);
  }
  return names;
}

bool wrote(const Sighting& sighting, const std::string& field) {
  const auto writes = sighting.run->state.writes.find(field);
  return writes != sighting.run->state.writes.end() &&
         std::ranges::any_of(writes->second, [&](const ledger::Write& w) { return w.node == sighting.node->id; });
}

/// How the nodes behind fare with a member and without it.
struct Drift {
  std::string member;
  NodeId broken;              ///< the node that needs it
  std::vector<Seen> without;  ///< its failures in runs whose answer had left it out
  std::size_t with = 0;       ///< runs in which it was there, and the node succeeded
  bool is_clear = true;       ///< no failure with it, no success without it
};

Drift drift_of(const Evidence& evidence, std::span<const Sighting> answers, const std::string& member,
               const graph::Node& reader) {
  Drift drift{.member = member, .broken = reader.id};
  const std::vector<Sighting> readings = sightings(evidence, reader);
  for (const Sighting& answer : answers) {
    if (answer.node->outcome != ledger::Outcome::succeeded) continue;
    const auto reading = std::ranges::find(readings, answer.position, &Sighting::position);
    if (reading == readings.end()) continue;
    const bool has_member = wrote(answer, member), succeeded = reading->node->outcome == ledger::Outcome::succeeded;
    drift.is_clear = drift.is_clear && has_member == succeeded;
    drift.with += has_member && succeeded ? 1U : 0U;
    if (has_member || succeeded) continue;
    for (const Tries& own : tries(*reading)) drift.without.push_back(own.back());
  }
  return drift;
}

bool is_drift(const Drift& drift) {
  const auto with = static_cast<double>(drift.with), all = with + static_cast<double>(drift.without.size());
  return drift.is_clear && drift.with >= kFewestWithMember && drift.without.size() >= kFewestBroken &&
         with >= kShareWithMember * all;
}

Proposal require_member(const graph::Node& node, const Drift& drift, const Json& schema) {
  std::vector<std::string> required = required_now(schema);
  const Value before(schema.contains("required") ? schema["required"] : Json());
  required.push_back(drift.member);
  Proposal proposal;
  proposal.operation = TuneParam{{node.id, "schema.required", Value(Json(required))}, before};
  proposal.finding = {
      "loose-schema", node.id,
      fmt::format("{} left out {} in {}, and {} failed each time ({}); with it {} succeeded in {}", node.id.text,
                  drift.member, count_of(drift.without.size(), "answer"), drift.broken.text,
                  first_line(drift.without.back().attempt->error), drift.broken.text, count_of(drift.with, "run")),
      cite(drift.without)};
  proposal.title = fmt::format("Ask {} for {} in every answer", node.id.text, drift.member);
  proposal.rationale = fmt::format(
      "The schema of `{0}` lets an answer leave out `{1}`. In {2} it was missing, and `{3}`, which needs it, failed "
      "each "
      "time (last: \"{4}\"); in {5} it was there, and `{3}` succeeded. When it is required, an answer without it is "
      "asked for once more instead of being passed on. What could get worse: where the model really has nothing to say "
      "for `{1}`, it is asked twice, and then `{0}` fails instead of `{3}`.",
      node.id.text, drift.member, count_of(drift.without.size(), "answer"), drift.broken.text,
      first_line(drift.without.back().attempt->error), count_of(drift.with, "run"));
  proposal.confidence = drift.without.size() >= kHighBroken ? Confidence::high : Confidence::medium;
  proposal.expectation = {Expectation::Kind::node_succeeds, drift.broken, 0};
  return proposal;
}

std::optional<Proposal> tighten(const Evidence& evidence, const graph::Node& node, const Json& schema) {
  const std::vector<Sighting> answers = sightings(evidence, node);
  for (const std::string& member : optional_members(node, schema)) {
    for (const graph::Node& reader : evidence.graph.nodes) {
      const std::vector<std::string> needed = engine::fields_needed(evidence.graph, reader);
      const bool needs =
          reader.id != node.id && graph::each(reader) == nullptr && std::ranges::find(needed, member) != needed.end();
      if (!needs) continue;
      const Drift drift = drift_of(evidence, answers, member, reader);
      if (is_drift(drift)) return require_member(node, drift, schema);
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Proposal> find_loose_schemas(const Evidence& evidence) {
  std::vector<Proposal> proposals;
  for (const graph::Node& node : evidence.graph.nodes) {
    const graph::Asking* ask = asking(node);
    if (ask == nullptr || ask->repair == 0) continue;
    if (auto proposal = tighten(evidence, node, ask->schema.json())) proposals.push_back(std::move(*proposal));
  }
  return proposals;
}

}  // namespace oe::evolve
